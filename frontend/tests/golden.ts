import { readFileSync } from "node:fs";
import { join } from "node:path";
import { list, record, shape, str } from "../src/shape";
import { parseFrame, type ServerFrame } from "../src/wire";

const replay = shape({ name: str, frames: list(record), text: str, thinking: str, state: str });
const golden = shape({ valid_server: list(record), replays: list(replay) });

const path = join(import.meta.dirname, "../../tests/golden/frames.json");
export const { valid_server: validServer, replays } = golden(JSON.parse(readFileSync(path, "utf8")));

export function frameOf(value: Record<string, unknown>): ServerFrame {
  const frame = parseFrame(JSON.stringify(value));
  if (!frame) throw new Error(`not a frame: ${JSON.stringify(value)}`);
  return frame;
}
