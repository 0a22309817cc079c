"""The eight scenarios the product begins with. From then on they live in the admin; this is not read again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Pairs are (Chinese, English). 〔…〕 in a starter is the blank that is selected when it fills the composer."""

    slug: str
    icon: str
    name: tuple[str, str]
    tagline: tuple[str, str]
    placeholder: tuple[str, str]
    instructions: tuple[str, str]
    starters: tuple[tuple[str, str], ...]
    thinks: bool = False


_PLAIN = (
    "用对方的语言回答，开门见山，只说有用的。不确定的就说不确定。",
    "Answer in the language of the question. Come to the point, say only what is useful, and say so when you are unsure.",
)

SCENARIOS = (
    Seed(
        slug="write",
        icon="pen",
        name=("写作", "Writing"),
        tagline=("改得更好，而不是改成别人写的", "Better, and still your own"),
        placeholder=("贴上要改的文字，或说说要写什么", "Paste your text, or say what you need to write"),
        instructions=(
            "你帮人写作，多数时候是改他们自己的文字。保留作者的意思和语气，先给出改好的全文，再用两三条说明改了什么。"
            + _PLAIN[0],
            "You help people write; mostly you edit their own text. Keep the author's meaning and voice. Give the whole "
            "improved text first, then two or three notes on what you changed. " + _PLAIN[1],
        ),
        starters=(
            ("把下面这段改得更〔正式〕：\n", "Make this more 〔formal〕:\n"),
            (
                "帮我给〔客户〕写一封邮件，说明〔交货要晚三天〕",
                "Write an e-mail to 〔a client〕 saying 〔delivery is three days late〕",
            ),
            ("给这篇文章起五个标题：\n〔正文〕", "Suggest five titles for this piece:\n〔text〕"),
        ),
    ),
    Seed(
        slug="translate",
        icon="translate",
        name=("翻译", "Translation"),
        tagline=("说人话的翻译", "Natural in both languages"),
        placeholder=("贴上要翻译的内容", "Paste what you want translated"),
        instructions=(
            "你做翻译。中文译成英文，其他语言译成中文，除非对方另有要求。只给译文，保留原来的格式；有歧义或专有名词时，在译文后用一行说明。",
            "You translate: Chinese into English, anything else into Chinese, unless told otherwise. Give the translation "
            "alone, in the original's format; add one line after it where a name or phrase is ambiguous.",
        ),
        starters=(
            ("把这段译成〔英文〕：\n", "Translate this into 〔Chinese〕:\n"),
            ("这句话在〔商务邮件〕里怎么说更自然：\n", "How would a native say this in 〔a business e-mail〕:\n"),
            ("逐句对照翻译：\n〔原文〕", "Translate sentence by sentence, side by side:\n〔text〕"),
        ),
    ),
    Seed(
        slug="study",
        icon="book",
        name=("学习", "Study"),
        tagline=("讲懂一道题，而不是给一个答案", "Understand it, not just the answer"),
        placeholder=("贴上题目，或说说哪里没懂", "Paste the problem, or say what is unclear"),
        instructions=(
            "你是耐心的老师。先弄清对方卡在哪里，给出思路，再一步一步讲，每一步都说为什么；公式用 LaTeX。最后出一道相似的小题让对方试试。"
            + _PLAIN[0],
            "You are a patient teacher. Find where the person is stuck, give the idea first, then go step by step and say "
            "why at each one; use LaTeX for formulas. End with a small similar exercise. " + _PLAIN[1],
        ),
        starters=(
            ("这道题怎么想？\n〔题目〕", "How do I approach this problem?\n〔problem〕"),
            ("用一个生活里的例子讲讲〔导数〕", "Explain 〔derivatives〕 with an everyday example"),
            (
                "帮我做一份〔两周〕的〔英语四级〕复习计划",
                "Make a 〔two-week〕 revision plan for 〔my statistics exam〕",
            ),
        ),
        thinks=True,
    ),
    Seed(
        slug="code",
        icon="code",
        name=("编程", "Coding"),
        tagline=("找出这个错，讲清为什么", "Find the bug and say why"),
        placeholder=("贴上代码或报错", "Paste code or an error"),
        instructions=(
            "你帮人写代码、找错。先说原因，再给能直接运行的最小改动，代码放在标明语言的代码块里。不臆造不存在的接口。"
            + _PLAIN[0],
            "You help with code and bugs. Give the cause first, then the smallest change that works, in a fenced block with "
            "its language. Never invent an API. " + _PLAIN[1],
        ),
        starters=(
            ("这个报错是什么意思，怎么改？\n〔报错〕", "What does this error mean and how do I fix it?\n〔error〕"),
            (
                "用〔Python〕写一个函数：〔去掉列表里的重复项，保持顺序〕",
                "Write a 〔Python〕 function that 〔removes duplicates, keeping order〕",
            ),
            ("解释一下这段代码：\n〔代码〕", "Explain this code:\n〔code〕"),
        ),
        thinks=True,
    ),
    Seed(
        slug="read",
        icon="file",
        name=("读文档", "Reading"),
        tagline=("先说结论，再指出处", "The gist first, then where it says so"),
        placeholder=("贴上一段长文", "Paste a long text"),
        instructions=(
            "你帮人读长文。先用三句话说结论，再列要点；每一点都引用原文里的几个字作依据。原文没有说的，就说没有说。"
            + _PLAIN[0],
            "You help people read long texts. Say the gist in three sentences, then list the points, each with a few words "
            "quoted as evidence. If the text does not say it, say so. " + _PLAIN[1],
        ),
        starters=(
            ("用五条总结下面的内容：\n〔正文〕", "Summarise this in five points:\n〔text〕"),
            (
                "这份合同里对〔违约〕是怎么规定的？\n〔正文〕",
                "What does this contract say about 〔termination〕?\n〔text〕",
            ),
            ("把下面的内容讲给〔外行〕听：\n〔正文〕", "Explain this to 〔a layperson〕:\n〔text〕"),
        ),
    ),
    Seed(
        slug="office",
        icon="table",
        name=("办公", "Office"),
        tagline=("表格、提纲、纪要", "Tables, outlines, minutes"),
        placeholder=("贴上材料，说说要什么", "Paste the material and say what you need"),
        instructions=(
            "你帮人做办公室里的事：会议纪要、表格、提纲、汇报。能用表格说清的就用表格；待办要有负责人和时间，没有写明的标“待定”。"
            + _PLAIN[0],
            "You help with office work: minutes, tables, outlines, reports. Use a table where it says more than prose; "
            "to-dos have an owner and a date, or 'to be decided'. " + _PLAIN[1],
        ),
        starters=(
            ("把这些要点整理成会议纪要：\n〔要点〕", "Turn these notes into minutes:\n〔notes〕"),
            ("把下面的内容做成一张表：\n〔内容〕", "Make a table of this:\n〔content〕"),
            ("给〔季度汇报〕列一个提纲", "Outline 〔a quarterly review〕"),
        ),
    ),
    Seed(
        slug="life",
        icon="home",
        name=("生活出行", "Daily life"),
        tagline=("今天吃什么，周末去哪儿", "What to cook, where to go"),
        placeholder=("说说你的情况和打算", "Tell me your situation and plans"),
        instructions=(
            "你帮人安排生活和出行：行程、菜谱、清单、手续。给具体、能照着做的安排，注明时间和花费是估计。"
            "涉及健康、法律、钱的事，提醒以专业人士和官方信息为准。" + _PLAIN[0],
            "You help with daily life and travel: plans, recipes, lists, paperwork. Be concrete and doable; mark times and "
            "costs as estimates. On health, law and money, say that professionals and official sources decide. "
            + _PLAIN[1],
        ),
        starters=(
            (
                "〔国庆三天〕去〔西安〕，带〔老人〕，怎么安排？",
                "〔Three days〕 in 〔Xi'an〕 with 〔my parents〕: what should we do?",
            ),
            (
                "家里有〔鸡蛋、番茄、豆腐〕，晚饭做什么？",
                "I have 〔eggs, tomatoes and tofu〕. What can I cook tonight?",
            ),
            ("给〔第一次露营〕列一张清单", "Make a packing list for 〔a first camping trip〕"),
        ),
    ),
    Seed(
        slug="chat",
        icon="smile",
        name=("闲聊陪伴", "Company"),
        tagline=("随便说说", "Just talk"),
        placeholder=("想说什么都行", "Say anything"),
        instructions=(
            "你陪人聊天。像朋友那样说话，短一点，先听再说，不说教。对方难过时先接住情绪；如果有伤害自己的念头，温和地建议找身边的人和专业帮助。",
            "You keep people company. Talk like a friend: short, listening first, never preaching. When somebody is sad, be "
            "with that first; at any thought of self-harm, gently suggest people close by and professional help.",
        ),
        starters=(
            ("今天有点〔累〕，想随便聊聊", "I'm a bit 〔tired〕 today and just want to talk"),
            ("给我讲一个〔关于旧书店〕的小故事", "Tell me a short story 〔about an old bookshop〕"),
            ("推荐一个〔雨天〕可以做的事", "Suggest something to do on 〔a rainy day〕"),
        ),
    ),
)
