"""The letters of a period: what each says, to whom, with which files; the drafts in the outbox."""

from __future__ import annotations

import datetime as dt
import email
import shutil
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.mail.letters import Letter
from pipeline.mail.sending import prepare
from pipeline.run.templates import make_templates
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_PROGRAMME
from tests.support.issued import AGAIN, issue, reopen, reported, values_of
from tests.support.workspaces import MARCH, drop_return, run_now, tree, workspace_at

EARLY, LATE, NEXT_ROUND = (dt.datetime(2025, 4, day, 2, tzinfo=dt.UTC) for day in (3, 10, 14))
JUNE = dt.date(2025, 6, 30)
WEEKS_BEFORE, LAST_DAY, DAY_AFTER = (dt.datetime(2025, *day, 2, tzinfo=dt.UTC) for day in ((6, 3), (6, 30), (7, 1)))
SETTINGS = """
[office]
contact = "王五"
phone = "0577-1"
section = "人才处"
[contacts."鹿城区"]
unit = "鹿城区科学技术局"
mail = "lucheng@example.com"
[contacts."龙湾区"]
mail = "longwan@example.com"
[mail]
sender = "kjj@example.com"
recipients = ["all@example.com"]
"""
DUE = '[deadlines]\ndates = {"2025-03-31" = "2025-04-08"}\n'
PEOPLE, SIGNED = "　　联系人：王五，电话：0577-1。\n", "\n市科技局人才处　2025年4月{day}日\n"


def office_at(folder: Path, settings: str = SETTINGS + DUE) -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return workspace_at(folder)


def letters(office: Workspace, now: dt.datetime) -> dict[str, Letter]:
    return {letter.file: letter for letter in prepare(open_workspace(office.root), MARCH, now).letters}


def drafts(office: Workspace) -> dict[str, EmailMessage]:
    found = {}
    for path in sorted((office.outbox / "2025-03-31" / "邮件").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found[path.name] = message
    return found


@pytest.mark.parametrize(
    ("settings", "now", "says", "short"),
    [
        (
            SETTINGS + DUE,
            EARLY,
            "　　截至2025年3月底的“科技副总”工作情况报表应于2025年4月8日前报送。目前尚未收到你单位报表，请抓紧填报。\n",
            "尚未收到，请于2025年4月8日前报送。",
        ),
        (
            SETTINGS + DUE,
            LATE,
            "　　截至2025年3月底的“科技副总”工作情况报表应于2025年4月8日前报送，现已逾期2个工作日，仍未收到你单位报表。"
            "请于2025年4月11日前补报；确有困难的，请及时与我们联系并说明原因。\n",
            "已逾期，请于2025年4月11日前补报。",
        ),
        (
            SETTINGS,
            LATE,
            "　　截至2025年3月底的“科技副总”工作情况报表，目前尚未收到你单位报表，请抓紧填报。\n",
            "尚未收到，请抓紧报送。",
        ),
    ],
)
def test_reminders(tmp_path: Path, settings: str, now: dt.datetime, says: str, short: str) -> None:
    office = office_at(tmp_path, settings)
    drop_return(office, "瓯海区")
    run_now(office)
    letter = letters(office, now)["催报_鹿城区_2025-03-31.eml"]
    assert letter.subject == "【催报】截至2025年3月底“科技副总”工作情况报表（鹿城区）"
    assert letter.body == (
        "鹿城区科学技术局：\n"
        + says
        + "　　没有新增的也请报送。报表模板见附件。如已报送，请忽略本邮件并告知报送时间。\n"
        + PEOPLE
        + SIGNED.format(day=now.day)
    )
    assert letter.short == f"鹿城区科学技术局：截至2025年3月底“科技副总”报表{short}联系人王五，0577-1。"
    assert letter.recipients == ("lucheng@example.com",)


def test_a_reminder_is_the_same_letter_until_the_next_deadline(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    name = "催报_鹿城区_2025-03-31.eml"
    first, later, after = (letters(office, now)[name] for now in (LATE - dt.timedelta(days=1), LATE, NEXT_ROUND))
    assert first.body != later.body
    assert first.digest == later.digest != after.digest


def test_every_district_gets_its_own_copy_only_and_those_that_reported_get_nothing(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    for district in office.programme.district_names[3:]:
        drop_return(office, district, values=values_of(office, district))
    drop_return(office, "鹿城区", values=(20, "十二", 18, 8))
    drop_return(office, "龙湾区", values=(21, "—", "—", 9))
    run_now(office)
    letters(office, EARLY)
    copies = tree(office.outbox / "2025-03-31" / "审核反馈")
    found = drafts(office)
    assert list(found) == ["催报_瓯海区_2025-03-31.eml", "退回_鹿城区_2025-03-31.eml", "退回_龙湾区_2025-03-31.eml"]
    for district, to in (("鹿城区", "lucheng@example.com"), ("龙湾区", "longwan@example.com")):
        message = found[f"退回_{district}_2025-03-31.eml"]
        attached = {each.get_filename(): each.get_content() for each in message.iter_attachments()}
        assert attached == {f"{district}_2025-03-31_退回.xlsx": copies[f"{district}_2025-03-31_退回.xlsx"]}
        assert (message["To"], message["Cc"], message["X-Unsent"]) == (to, None, "1")
        others = set(office.programme.district_names) - {district}
        body = message.get_body()
        assert body is not None
        assert not [name for name in others if name in body.get_content() + message["Subject"]]
    assert found["催报_瓯海区_2025-03-31.eml"]["To"] is None


def test_feedback_says_how_many_findings_and_the_first_one(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    drop_return(office, "龙湾区", values=(21, "—", 3, 9))
    run_now(office)
    letter = letters(office, EARLY)["退回_龙湾区_2025-03-31.eml"]
    begin, _, first = letter.body.partition("主要是：")
    assert begin.startswith(
        "龙湾区：\n　　你单位2025年4月3日10:00报送的截至2025年3月底“科技副总”工作情况报表已审核。有强制性审核意见1条"
    )
    assert "单元格填“—”，不是数字。\n" in first
    assert "请在附件上直接改正或填写说明，于2025年4月8日前将该文件报回。\n" + PEOPLE in first
    assert "　　附件：龙湾区_2025-03-31_退回.xlsx\n" in first
    assert letter.short.startswith("龙湾区：截至2025年3月底“科技副总”报表已退回，共1条，反馈件已发邮箱，请于")


def test_an_issued_bulletin_goes_out_with_its_frozen_products_and_a_restatement_replaces_it(tmp_path: Path) -> None:
    office = reported(tmp_path)
    (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    assert letters(office, EARLY) == {}
    issue(office)
    letter = letters(office, LATE)["通报_2025-03-31.eml"]
    assert letter.body == (
        "各县（市、区）科技主管部门，海经区管委会：\n"
        "　　现将《关于截至2025年3月底“科技副总”工作情况的通报》及附表发给你们，请按要求抓好落实。\n"
        "　　对数据有疑问的，请于2025年4月15日前与我们联系。\n"
        + PEOPLE
        + "　　附件：1.通报_2025-03-31.docx\n　　　　　2.通报表_2025-03-31.xlsx\n"
        + "（通报正式文本以印发的纸质件或公文系统文本为准。）\n"
        + SIGNED.format(day=10)
    )
    frozen = tree(office.outbox / "2025-03-31" / "第1次定稿")
    assert {each.name: each.content for each in letter.attachments} == {
        name: frozen[name] for name in ("通报_2025-03-31.docx", "通报表_2025-03-31.xlsx")
    }
    reopen(office)
    assert "通报_2025-03-31.eml" not in letters(office, LATE)
    drop_return(office, "龙湾区", values=(5, *values_of(office, "龙湾区")[1:]))
    run_now(office, now=AGAIN)
    issue(office)
    letter = letters(office, LATE)["更正_2025-03-31.eml"]
    assert letter.subject == "关于更正截至2025年3月底“科技副总”工作情况通报有关数据的通知"
    assert "　　现将更正通知及更正后的附表发给你们，原附表停止使用，请以更正后的为准。\n" in letter.body
    assert list(drafts(office)) == ["更正_2025-03-31.eml"]


def test_drafts_are_the_same_bytes_again_and_those_of_what_was_settled_are_taken_away(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    letters(office, EARLY)
    folder = office.outbox / "2025-03-31" / "邮件"
    before = tree(folder)
    assert len(before) == 14  # thirteen districts and the short messages
    letters(office, EARLY)
    assert tree(folder) == before
    drop_return(office, "鹿城区")
    run_now(office)
    assert tree(folder) == before  # a run leaves them
    letters(office, EARLY)
    assert "催报_鹿城区_2025-03-31.eml" not in tree(folder)


def test_receipts_where_the_settings_ask_for_them(tmp_path: Path) -> None:
    office = office_at(tmp_path, SETTINGS + "receipts = true\n")
    drop_return(office, "龙湾区", values=(8, 12, 7, 3))
    run_now(office)
    letter = letters(office, EARLY)["回执_龙湾区_2025-03-31.eml"]
    assert (
        "报表（第1版）已审核通过：已选派企业8家、技术攻关项目12项、成果转化7项、研发机构3家。如有出入，请及时联系更正。\n"
        in letter.body
    )


@pytest.mark.parametrize(
    ("deadlines", "until"),
    [('[deadlines]\ndates = {"2025-06-30" = "2025-07-08"}\n', "，于2025年7月8日前报送"), ("", "，及时报送")],
)
def test_templates_go_out_with_a_call(tmp_path: Path, deadlines: str, until: str) -> None:
    office, name = office_at(tmp_path, SETTINGS + deadlines), "鹿城区_2025-06-30_报表.xlsx"
    make_templates(office, JUNE, ["鹿城区"], None, WEEKS_BEFORE)
    (letter,) = prepare(office, JUNE, WEEKS_BEFORE).letters
    assert (letter.file, letter.recipients) == ("布置_鹿城区_2025-06-30.eml", ("lucheng@example.com",))
    assert letter.subject == "关于报送截至2025年6月底“科技副总”工作情况的通知"
    assert letter.body == (
        f"鹿城区科学技术局：\n　　请按所附模板填报截至2025年6月底的“科技副总”工作情况报表{until}。"
        "各项指标填累计数，没有发生的填0。\n"
        f"　　附件：{name}　联系人：王五，电话：0577-1。\n\n市科技局人才处　2025年6月3日\n"
    )
    made = office.outbox / "2025-06-30" / "报表模板" / name
    assert [(each.name, each.content) for each in letter.attachments] == [(name, made.read_bytes())]


@pytest.mark.parametrize(
    ("made", "now", "kinds"),
    [
        (None, WEEKS_BEFORE, {}),
        (WEEKS_BEFORE, WEEKS_BEFORE, {"鹿城区": "布置"}),
        (WEEKS_BEFORE, LAST_DAY, {"鹿城区": "布置", "龙湾区": "催报"}),
        (WEEKS_BEFORE, DAY_AFTER, {"鹿城区": "催报", "龙湾区": "催报"}),
        (DAY_AFTER, DAY_AFTER, {"鹿城区": "布置", "龙湾区": "催报"}),
    ],
    ids=["nobody called", "called", "awaited by now", "period over", "called after it"],
)
def test_a_district_is_called_before_it_is_reminded(
    tmp_path: Path, made: dt.datetime | None, now: dt.datetime, kinds: dict[str, str]
) -> None:
    office = office_at(tmp_path)
    if made:
        make_templates(office, JUNE, ["鹿城区"], None, made)
    written = {str(each.district): each.file.partition("_")[0] for each in prepare(office, JUNE, now).letters}
    assert {district: kind for district, kind in written.items() if district in ("鹿城区", "龙湾区")} == kinds


def test_a_form_that_has_no_templates_any_more_calls_nobody(tmp_path: Path) -> None:
    office = office_at(tmp_path / "office")
    make_templates(office, JUNE, ["鹿城区"], None, WEEKS_BEFORE)
    form = shutil.copytree(DEFAULT_PROGRAMME.parent, tmp_path / "form") / DEFAULT_PROGRAMME.name
    lines = form.read_text(encoding="utf-8").splitlines(keepends=True)
    form.write_text("".join(line for line in lines if not line.startswith("template_version")), encoding="utf-8")
    without = open_workspace(office.root, form)
    assert prepare(without, JUNE, WEEKS_BEFORE).letters == ()
    assert {letter.kind for letter in prepare(without, JUNE, LAST_DAY).letters} == {"reminder"}
