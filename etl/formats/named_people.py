"""Whether a text that is written for readers names a person: by an address, a user's page, an account or an IP address.

It knows patterns, not people: a name without any of these signs is not found.
"""

import re

# How wikis of our languages call the pages of users, in front of the name.
_USER_PAGES = (
    "User", "Benutzer", "Benutzerin", "Utilisateur", "Utilisatrice", "Usuario", "Usuaria", "Usuário", "Usuária",
    "Utente", "Gebruiker", "Wikipedysta", "Wikipedystka", "Użytkownik", "Kullanıcı", "Pengguna", "Mtumiaji",
    "Thành viên", "Участник", "Участница", "Користувач", "Користувачка", "مستخدم", "مستخدمة", "کاربر", "משתמש",
    "משתמשת",
    "सदस्य", "ব্যবহারকারী", "利用者", "用户", "用戶", "使用者", "사용자",
    "Special:Contributions/", "Special:Contribs/", "Special:Block/",
)  # fmt: skip
_TALK = "(?:[ _](?:talk|Diskussion|discussion|discusión|discussão|toolbox))?"
_PAGES = "|".join(re.escape(one) for one in _USER_PAGES if not one.endswith("/"))
_SPECIAL = "|".join(re.escape(one) for one in _USER_PAGES if one.endswith("/"))
SIGNS = {
    "no e-mail address": re.compile(r"[^\s@,;<>()\[\]]+@[^\s@,;<>()\[\]]+\.\w"),
    "no account by its @": re.compile(r"(?<![\w/])@\w{2,}"),
    "no page of a user": re.compile(rf"(?:(?<!\w)(?:{_PAGES}){_TALK}(?::|%3A)[^\s:]|(?:{_SPECIAL})\S)", re.IGNORECASE),
    "no temporary account": re.compile(r"~2\d{3}-\d"),
    "no IP address": re.compile(
        r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{0,4}", re.IGNORECASE
    ),
}


def sign_of_person(text: str) -> str | None:
    """The rule that the text breaks, such as "no e-mail address"; None where it names nobody as far as signs tell."""
    return next((rule for rule, sign in SIGNS.items() if sign.search(text)), None)
