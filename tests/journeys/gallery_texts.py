"""What is said in the pictures: the same conversations in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    title: str
    scenario: str
    question: str
    answer: str
    thinking: str = ""


STUDY_ZH = Said(
    title="导数的几何意义",
    scenario="study",
    question="导数到底是什么？能用一条曲线讲给我听吗？最好有一个算得出来的例子。",
    thinking="他要的是直观，不是一堆公式。先用切线讲，再给定义，然后用 x² 在 x=1 处算一遍，数字要小，口算得出来。"
    "最后让他自己试一个点，动过手的记得更牢。",
    answer=r"""**导数是曲线在一点处的斜率**：把曲线放大到像一条直线，它有多陡，导数就是多少。

### 从割线到切线

取曲线 $y=f(x)$ 上的两点，过它们的割线斜率是 $\frac{f(x+h)-f(x)}{h}$。让第二个点慢慢靠近第一个点，割线就变成切线：

$$f'(x)=\lim_{h\to 0}\frac{f(x+h)-f(x)}{h}$$

### 算一个例子

设 $f(x)=x^2$，在 $x=1$ 处：

| $h$ | 割线斜率 | 离 2 还差 |
|---|---:|---:|
| 0.1 | 2.1 | 0.1 |
| 0.01 | 2.01 | 0.01 |

斜率越来越接近 **2**，所以 $f'(1)=2$。试试看：在 $x=3$ 处，你觉得会是多少？
""",
)
STUDY_EN = Said(
    title="What a derivative means",
    scenario="study",
    question="What is a derivative, really? Explain it on a curve, with an example I can compute.",
    thinking="They want to see it, not a page of formulas. Begin with the tangent, then the limit, then x² at x = 1 "
    "with small numbers. Let them try another point themselves: what one has done oneself stays.",
    answer=r"""**A derivative is the slope of a curve at one point**: zoom in until the curve looks
straight, and measure how steep it is.

### From secant to tangent

Through two points of $y=f(x)$ goes a secant of slope $\frac{f(x+h)-f(x)}{h}$. Let the
second point slide towards the first:

$$f'(x)=\lim_{h\to 0}\frac{f(x+h)-f(x)}{h}$$

### One example

Take $f(x)=x^2$ at $x=1$:

| $h$ | slope of the secant | short of 2 by |
|---|---:|---:|
| 0.1 | 2.1 | 0.1 |
| 0.01 | 2.01 | 0.01 |

The slope comes closer and closer to **2**, so $f'(1)=2$. What will it be at $x=3$?
""",
)
CODE_ZH = Said(
    title="按日期合并两张表",
    scenario="code",
    question="两个 CSV 按日期合并，缺的日期补 0，用 Python 怎么写？",
    answer="""用 `pandas` 的外连接，再补零就行：

```python
import pandas as pd

def merged(left: str, right: str) -> pd.DataFrame:
    \"\"\"两张表按日期合并，缺的补 0。\"\"\"
    tables = [pd.read_csv(it, parse_dates=["date"]) for it in (left, right)]
    both = tables[0].merge(tables[1], on="date", how="outer")
    return both.sort_values("date").fillna(0)

print(merged("sales.csv", "visits.csv").head())
```

**注意：**列名相同时 `merge` 会加上 `_x`、`_y`，可以用 `suffixes` 自己起名。

```mermaid
graph LR
  A[sales.csv] --> C[外连接]
  B[visits.csv] --> C
  C --> D[补 0]
```

> 日期格式不一样的话，先用 `pd.to_datetime` 统一。

1. 先看两张表的日期范围
   - 有没有重复的日期
   - 时区是不是一样
2. 再合并，最后抽查几行

见 [merge 的文档](https://pandas.pydata.org/docs/merge.html)。
""",
)
CODE_EN = Said(
    title="Merging two tables by date",
    scenario="code",
    question="How do I merge two CSV files by date in Python, with 0 for the days that are missing?",
    answer="""An outer join with `pandas`, then fill the gaps:

```python
import pandas as pd

def merged(left: str, right: str) -> pd.DataFrame:
    \"\"\"Both tables by date; what is missing is 0.\"\"\"
    tables = [pd.read_csv(it, parse_dates=["date"]) for it in (left, right)]
    both = tables[0].merge(tables[1], on="date", how="outer")
    return both.sort_values("date").fillna(0)

print(merged("sales.csv", "visits.csv").head())
```

**Mind:** columns of the same name get `_x` and `_y`; name them yourself with `suffixes`.

```mermaid
graph LR
  A[sales.csv] --> C[outer join]
  B[visits.csv] --> C
  C --> D[fill with 0]
```

> If the dates are written differently, bring them together with `pd.to_datetime` first.

1. Look at the range of dates in both
   - are there doubles?
   - is it the same time zone?
2. Then merge, and check a few rows

See [the documentation of merge](https://pandas.pydata.org/docs/merge.html).
""",
)
OTHERS_ZH = (
    "国庆西安三日",
    "周报润色",
    "请假邮件",
    "面试自我介绍",
    "读懂租房合同",
    "番茄炒蛋的做法",
    "给孩子讲分数",
    "会议纪要",
)
OTHERS_EN = (
    "Three days in Xi'an", "A shorter weekly report", "Asking for a day off", "Introducing myself at an interview",
    "Reading a lease", "Scrambled eggs with tomatoes", "Fractions for my daughter", "Minutes of a meeting",
)  # fmt: skip
TRANSLATED_ZH = Said(
    title="翻译一段公告",
    scenario="translate",
    question="译成英文：\n图书馆将于下周一闭馆一天，进行消防检查。已预约的座位自动顺延，无需另行办理。\n\n"
    "闭馆期间，一楼大厅的还书箱照常开放。当天到期的图书顺延三天，不计逾期。\n\n"
    "查阅电子资源，请用读者证号登录网站。有疑问请在工作日致电服务台。",
    answer="The library will be closed next Monday for a fire safety inspection. "
    "Seats already booked will be moved to the next day automatically; you do not need to do anything.\n\n"
    "The book drop in the ground-floor hall stays open. Books due that day may be returned three days later "
    "without a fine.\n\n"
    "For electronic resources, sign in to the website with your reader's card number. "
    "If you have questions, call the service desk on a working day.",
)
TRANSLATED_EN = Said(
    title="Translating a notice",
    scenario="translate",
    question="Translate into Chinese:\nThe library will be closed next Monday for a fire safety inspection. "
    "Seats already booked will be moved to the next day automatically.\n\n"
    "The book drop in the hall stays open. Books due that day may be returned three days later without a fine.",
    answer="图书馆将于下周一闭馆一天，进行消防检查。已预约的座位会自动顺延到第二天。\n\n"
    "大厅的还书箱照常开放。当天到期的图书可以晚三天归还，不计逾期。",
)
