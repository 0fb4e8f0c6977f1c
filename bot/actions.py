"""What a message asks the bot to do: a button's action, a command, or words that mean one."""

from bot.conversation import Message

COMMANDS = (
    "start", "help", "article", "faq", "prescreen", "subsidy", "procedure", "deadline", "human", "back", "skip",
    "cancel", "resume", "mydata", "forget",
)  # fmt: skip
"""The chat commands; `/article 9.3` is the action `article` with the argument `9.3`."""

WORDS = {
    "返回": "back", "上一题": "back", "跳过": "skip", "取消": "cancel", "结束": "cancel", "继续": "resume", "帮助": "help",
    "人工": "human", "转人工": "human", "人工客服": "human", "找人工": "human", "重来": "prescreen", "重新开始": "prescreen",
    "预审": "prescreen", "开始预审": "prescreen", "做预审": "prescreen", "我的数据": "mydata", "删除我的数据": "forget",
    "常见问题": "faq", "期限": "deadline", "我的提醒": "reminders", "导出日历": "calendar", "日历文件": "calendar", "加到日历": "calendar", "加入日历": "calendar", "查清其余缺口": "more", "已填内容": "summary", "为什么问这个": "why", "为什么要问这个": "why",
    "问这个干嘛": "why", "问这个干什么": "why", "为什么问": "why", "为什么": "why",
    "分年补助": "years", "下载报告": "report", "预审报告": "report", "导出报告": "report", "缺口计划": "plan", "还差什么": "plan", "还缺什么": "plan", "差什么": "plan", "缺什么": "plan", "下一步做什么": "plan",
    "续填码": "code", "换设备": "code", "换个设备": "code", "换手机": "code", "换电脑": "code", "换设备继续": "code", "换台设备继续": "code",
    "准备清单": "checklist", "要准备什么数": "checklist", "要准备哪些数": "checklist", "填报清单": "checklist",
    "两类对比": "compare", "两类比一比": "compare", "为啥问这个": "why",
    "解释一下": "why",
    "填错了": "back", "写错了": "back", "说错了": "back", "上一题错了": "back", "上一题填错了": "back", "回到上一题": "back", "上一步": "back", "回到上一步": "back", "返回上一步": "back", "返回上一题": "back", "退回上一步": "back",
    "不填了": "cancel", "先不填了": "cancel", "暂停": "cancel", "接着填": "resume", "继续填": "resume", "继续预审": "resume",
    "看看已填的": "summary", "已填的内容": "summary", "我填了什么": "summary", "我填到哪了": "summary", "填到哪了": "summary", "填到第几题了": "summary", "还差哪些没问": "more",
}  # fmt: skip
"""Whole messages that mean a command."""


def action_of(message: Message) -> tuple[str, str]:
    """The action of a message and its argument (`set:FIELD:VALUE` is `set` with `FIELD:VALUE`); empty if it has none."""
    if message.action:
        name, _, argument = message.action.partition(":")
        return name, argument
    text = message.text.strip()
    if text.startswith("/"):
        head, _, rest = text[1:].partition(" ")
        name = head.split("@")[0].lower()
        return (name, rest.strip()) if name in COMMANDS else ("help", "")
    return WORDS.get(text.rstrip("。.!！"), ""), ""
