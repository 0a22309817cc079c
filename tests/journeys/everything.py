"""One conversation with every kind of thing the page can show: what is measured and looked at on a thread."""

from uuid import UUID

from app.accounts.models import User
from conversations.models import Generation, Message, Model, Rating
from tests.conversations.transcripts import THEN, a_conversation, another_answer

PROSE = """# 西安三日

**注意：**城墙从永宁门上去，*慢慢走*，~~别赶~~。见 [官网](https://example.org/a) 与 `npm run build`。

1. 第一天
   - 城墙
   - [x] 钟楼
2. 第二天

> 老人一天走六千步就够了。

| 天 | 上午 | 下午 |
|---|:---:|---:|
| 一 | 城墙 | 钟楼 |
| 二 | 兵马俑 | 华清宫 |

```python
def steps(day: int) -> str:
    # 不超过六千步
    return f"{day * 2000} 步"
```

行内 \\(a^2+b^2\\)，成行：

$$\\int_0^1 x^2\\,dx = \\tfrac13$$

```mermaid
graph TD
  A[城墙] --> B[钟楼]
```

![图](https://evil.example/p.png)

---

#### 小结

<b>不是标签</b>
"""


def everything(owner: User) -> UUID:
    """Each of seven answers ended in its own way, the second is another model's.

    The first question is long, the last one was answered twice.
    """
    conversation = a_conversation(owner, "西安三日", turns=7, text="一句话。")
    questions = list(Message.objects.filter(conversation=conversation, role="user").order_by("created_at"))
    answers = [question.children.get() for question in questions]
    Message.objects.filter(pk=questions[0].pk).update(text="带老人去西安。\n" * 20)
    answers[0].generations.update(text=PROSE, thinking="先看老人走得了多少路。" * 12, context_cut=True)
    Rating.objects.create(message=answers[0], owner=owner, value="up", rated_at=THEN)
    quick = Model.objects.create(slug="quick", name_zh="快", name_en="Quick")
    answers[1].generations.update(state="stopped", reason="user_stop", model=quick)
    answers[2].generations.update(state="interrupted", reason="stall")
    answers[3].generations.update(state="failed", reason="unavailable", text="")
    answers[4].generations.update(state="failed", reason="content_filter", text="")
    answers[5].generations.update(state="expired", reason="deadline", text="")
    newer = another_answer(questions[6], "另一个回答")
    Generation.objects.filter(pk=newer.pk).update(reason="length")
    return conversation.pk
