"""Server-sent events: bytes, cut anywhere, to the payloads of their ``data:`` lines.

Follows the event stream chapter of the HTML standard, with its three line ends. Two deliberate deviations: the event's
type is not looked at (an ``event: error`` carries its error in the payload), and a line or event may be 1 MiB at most.
"""

from conversations.inference.errors import BadStream

MAX_EVENT_BYTES = 1 << 20

_BOM = b"\xef\xbb\xbf"


class Decoder:
    """Feed it what was read; an event counts when its blank line came, so what an end of stream cuts off is dropped."""

    __slots__ = ("_after_cr", "_data", "_data_bytes", "_head", "_tail", "_tail_bytes")

    def __init__(self) -> None:
        self._head: bytes | None = b""  # the first three bytes, until it is known whether they are a BOM
        self._after_cr = False  # the last read ended with CR: an LF at the start of the next one belongs to it
        self._tail: list[bytes] = []  # the line that has no end yet, in pieces, so that a long one costs O(n)
        self._tail_bytes = 0
        self._data: list[bytes] = []
        self._data_bytes = 0

    def feed(self, read: bytes) -> list[bytes]:
        """The payloads completed by these bytes. Raises ``BadStream`` beyond ``MAX_EVENT_BYTES``."""
        if (events := self._whole_events(read)) is not None:
            return events
        if self._head is not None:
            read = self._without_bom(read)
        if not read:
            return []
        if b"\r" in read or self._after_cr:
            read = self._with_line_feeds_only(read)
        lines = read.split(b"\n")
        rest = lines.pop()
        payloads: list[bytes] = []
        if lines and self._tail:
            self._tail.append(lines[0])
            self._check(self._tail_bytes + len(lines[0]))
            lines[0] = b"".join(self._tail)
            self._tail.clear()
            self._tail_bytes = 0
        for line in lines:
            self._take(line, payloads)
        if rest:
            self._tail.append(rest)
            self._tail_bytes += len(rest)
            self._check(self._tail_bytes)
        return payloads

    def _whole_events(self, read: bytes) -> list[bytes] | None:
        """Of a read that is nothing but events of one ``data:`` line each, as nearly every one is; taking them whole
        costs half. None for any other read.
        """
        if read[-2:] != b"\n\n" or len(read) > MAX_EVENT_BYTES or b"\r" in read:
            return None
        if self._tail or self._data or self._after_cr or self._head is not None:
            return None
        events = read.count(b"\n\n")
        if read[:6] != b"data: " or read.count(b"\n\ndata: ") != events - 1 or read.count(b"\n") != 2 * events:
            return None
        return read[6:-2].split(b"\n\ndata: ")

    def _take(self, line: bytes, payloads: list[bytes]) -> None:
        if line.startswith(b"data:"):
            value = line[6:] if line[5:6] == b" " else line[5:]
        elif line == b"data":
            value = b""
        else:
            if not line and self._data:
                payloads.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
                self._data.clear()
                self._data_bytes = 0
            return  # a comment, another field, or a blank line without data
        self._data.append(value)
        self._data_bytes += len(value) + 1
        self._check(self._data_bytes)

    def _without_bom(self, read: bytes) -> bytes:
        head = (self._head or b"") + read
        if len(head) < len(_BOM) and _BOM.startswith(head):
            self._head = head
            return b""
        self._head = None
        return head.removeprefix(_BOM)

    def _with_line_feeds_only(self, read: bytes) -> bytes:
        if self._after_cr and read.startswith(b"\n"):
            read = read[1:]
        self._after_cr = read.endswith(b"\r") if read else False
        return read.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    @staticmethod
    def _check(size: int) -> None:
        if size > MAX_EVENT_BYTES:
            raise BadStream("a line or event of more than 1 MiB")
