"""How a session came: its channel, from campaign tags and the referrer (ingestion §13).

`channel_type` is the rule itself; `channel_type_sql` is the same rule for the engine, made from
the same lists. Sources and domains were put together from what the services call themselves.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_SEARCH = """
360.cn alice aol ask ask.com baidu baidu.com bing bing.com brave coccoc cn.bing.com
daum daum.net dogpile duckduckgo duckduckgo.com ecosia ecosia.org exalead excite kagi kagi.com
google google.com googlebot haosou libero lycos lycos.com mail.ru metager metager.org mojeek
mojeek.com naver naver.com onet presearch presearch.com qwant qwant.com rambler rambler.ru
search.brave.com searchencrypt seznam seznam.cz sm.cn so.com sogou sogou.com startpage
startpage.com startsiden swisscows swisscows.com t-online virgilio wow yahoo yahoo.com
search.yahoo.com yandex yandex.com yandex.ru you.com
"""
_SOCIAL = """
bluesky bsky.app discord discord.com discord.gg douban facebook facebook.com fb fb.com
m.facebook.com l.facebook.com lm.facebook.com flickr flickr.com gab hackernews
news.ycombinator.com hatena instagram instagram.com l.instagram.com ig kakao kakaotalk line
line.me linkedin linkedin.com lnkd.in livejournal lobste.rs mastodon mastodon.social medium
medium.com messenger messenger.com meetup mix nextdoor ok.ru pinterest pinterest.com pin.it
producthunt producthunt.com quora quora.com reddit reddit.com old.reddit.com out.reddit.com qq
signal slack slack.com snapchat snapchat.com stackoverflow stackoverflow.com substack t.co t.me
telegram telegram.org threads threads.net threads.com l.threads.com truthsocial tumblr tumblr.com
t.umblr.com twitter twitter.com viadeo viber vk vk.com vkontakte wechat weibo weibo.com whatsapp
whatsapp.com wa.me x x.com xing xing.com yammer
"""
_VIDEO = """
bilibili bilibili.com dailymotion dailymotion.com disneyplus hulu loom loom.com netflix netflix.com
nicovideo niconico odysee odysee.com peertube rumble rumble.com tiktok tiktok.com twitch twitch.tv
vimeo vimeo.com wistia youku youku.com youtu.be youtube youtube.com m.youtube.com
"""
_SHOPPING = """
alibaba alibaba.com aliexpress aliexpress.com allegro amazon amazon.com amazon.co.uk amazon.de
amazon.fr amazon.it amazon.es amazon.co.jp amazon.ca bestbuy bol.com cdiscount ebay ebay.com ebay.de
ebay.co.uk etsy etsy.com flipkart flipkart.com google-shopping googleshopping idealo idealo.de
mercadolibre mercadolivre otto rakuten rakuten.com shein shopee shopify shop.app shopping.google.com
shopzilla target target.com taobao taobao.com temu temu.com tmall walmart walmart.com wish zalando
zalando.com
"""
_EMAIL = """
android-app://com.google.android.gm com.google.android.gm e-mail e_mail email gmail icloud.com
mail.aol.com mail.google.com mail.proton.me mail.yahoo.com mail.yandex.ru mail.zoho.com mailchimp
newsletter outlook outlook.com outlook.live.com outlook.office.com outlook.office365.com protonmail
sendgrid zoho
"""
_SMS = "sms textmessage"
_PUSH = "push web-push webpush onesignal"
_AI = """
chat.deepseek.com chat.mistral.ai chat.openai.com chatgpt chatgpt.com claude claude.ai copilot
copilot.microsoft.com deepseek gemini gemini.google.com grok grok.com meta.ai mistral openai
perplexity perplexity.ai poe.com
"""

# Paid name (None where nobody can pay for it) and organic name, by source or domain.
_KINDS: Final[tuple[tuple[str, str | None, str], ...]] = (
    (_SEARCH, "Paid Search", "Organic Search"),
    (_SOCIAL, "Paid Social", "Organic Social"),
    (_VIDEO, "Paid Video", "Organic Video"),
    (_SHOPPING, "Paid Shopping", "Organic Shopping"),
    (_EMAIL, None, "Email"),
    (_SMS, None, "SMS"),
    (_PUSH, None, "Push"),
    (_AI, None, "AI"),
)
PAID_OF_SOURCE: Final = {
    name: paid for names, paid, _ in _KINDS if paid is not None for name in names.split()
}
ORGANIC_OF_SOURCE: Final = {name: organic for names, _, organic in _KINDS for name in names.split()}
PAID_OF_MEDIUM: Final = {
    **dict.fromkeys(
        ("sm", "social", "social media", "social network", "social-media", "social-network"),
        "Paid Social",
    ),
    "video": "Paid Video",
    **dict.fromkeys(("banner", "cpm", "display", "expandable", "interstitial"), "Display"),
}
ORGANIC_OF_MEDIUM: Final = {
    **dict.fromkeys(("affiliate", "partnership", "partnerships"), "Affiliate"),
    **dict.fromkeys(("app", "link", "referral"), "Referral"),
    "audio": "Audio",
    **dict.fromkeys(("banner", "cpm", "display", "expandable", "interstitial"), "Display"),
    **dict.fromkeys(("email", "e-mail", "e_mail", "e mail"), "Email"),
    **dict.fromkeys(("mobile", "notification", "push"), "Push"),
    "sms": "SMS",
    **dict.fromkeys(
        ("sm", "social", "social media", "social network", "social-media", "social-network"),
        "Organic Social",
    ),
    "video": "Organic Video",
}
PAID_MEDIUMS: Final = ("cpc", "cpm", "cpv", "cpa", "ppc", "retargeting")
DIRECT_SOURCES: Final = ("(direct)", "direct", "$direct")
SHOPPING_CAMPAIGN: Final = r"^(.*(([^a-df-z]|^)shop|shopping).*)$"
DIRECT: Final = "$direct"
# Search engines that answer under many countries' endings: google.de, google.co.jp.
COUNTRY_SEARCHES: Final = ("google", "yandex", "yahoo", "bing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the first page of a session told; None and empty are the same."""

    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    referring_domain: str | None = None
    gclid: str | None = None
    fbclid: str | None = None
    gad_source: str | None = None


def _cleaned(value: str | None) -> str:
    lowered = (value or "").lower()
    return "" if lowered == "null" else lowered


def _of_domain(table: Mapping[str, str], domain: str) -> str | None:
    """By the domain as it is, without `www.`, or with any country's ending of a search engine."""
    bare = domain.removeprefix("www.")
    known = table.get(domain) or table.get(bare)
    if known is None and bare.partition(".")[0] in COUNTRY_SEARCHES:
        return table.get(bare.partition(".")[0])
    return known


def channel_type(entry: Entry) -> str:
    """The first rule that matches decides."""
    source, medium = _cleaned(entry.utm_source), _cleaned(entry.utm_medium)
    campaign, domain = _cleaned(entry.utm_campaign), _cleaned(entry.referring_domain)
    gclid, fbclid = _cleaned(entry.gclid), _cleaned(entry.fbclid)
    gad_source = _cleaned(entry.gad_source)
    shopping = re.search(SHOPPING_CAMPAIGN, campaign) is not None
    if "cross-network" in campaign:
        return "Cross Network"
    if medium in PAID_MEDIUMS or medium.startswith("paid") or gclid or gad_source:
        return (
            PAID_OF_SOURCE.get(source)
            or ("Paid Shopping" if shopping else None)
            or PAID_OF_MEDIUM.get(medium)
            or _of_domain(PAID_OF_SOURCE, domain)
            or ("Paid Search" if gad_source == "1" or gclid else None)
            or ("Paid Video" if "video" in campaign else None)
            or ("Paid Social" if fbclid else "Paid Unknown")
        )
    direct = domain == DIRECT
    if direct and not medium and (not source or source in DIRECT_SOURCES) and not fbclid:
        return "Direct"
    return (
        ORGANIC_OF_SOURCE.get(source)
        or ("Organic Shopping" if shopping else None)
        or ORGANIC_OF_MEDIUM.get(medium)
        or _of_domain(ORGANIC_OF_SOURCE, domain)
        or ("Organic Video" if "video" in campaign else None)
        or ("Push" if medium.endswith("push") else None)
        or ("Organic Social" if fbclid else None)
        or ("Direct" if direct else None)
        or ("Referral" if domain else "Unknown")
    )


def channel_type_sql(inputs: Mapping[str, str]) -> str:
    """The same rule as an expression; `inputs` has an SQL expression for each field of `Entry`.

    A test compares both over generated entries.
    """
    cleaned = {name: _cleaned_sql(expression) for name, expression in inputs.items()}
    source, medium = cleaned["utm_source"], cleaned["utm_medium"]
    campaign, domain = cleaned["utm_campaign"], cleaned["referring_domain"]
    has_gclid, has_fbclid = f"{cleaned['gclid']} != ''", f"{cleaned['fbclid']} != ''"
    shopping = f"match({campaign}, {_text(SHOPPING_CAMPAIGN)})"
    video = f"position({campaign}, 'video') > 0"
    paid = _first_of(
        _looked_up(PAID_OF_SOURCE, source),
        f"if({shopping}, 'Paid Shopping', '')",
        _looked_up(PAID_OF_MEDIUM, medium),
        _domain_sql(PAID_OF_SOURCE, domain),
        f"if({cleaned['gad_source']} = '1' OR {has_gclid}, 'Paid Search', '')",
        f"if({video}, 'Paid Video', '')",
        f"if({has_fbclid}, 'Paid Social', 'Paid Unknown')",
    )
    unpaid = _first_of(
        _looked_up(ORGANIC_OF_SOURCE, source),
        f"if({shopping}, 'Organic Shopping', '')",
        _looked_up(ORGANIC_OF_MEDIUM, medium),
        _domain_sql(ORGANIC_OF_SOURCE, domain),
        f"if({video}, 'Organic Video', '')",
        f"if(endsWith({medium}, 'push'), 'Push', '')",
        f"if({has_fbclid}, 'Organic Social', '')",
        f"if({domain} = {_text(DIRECT)}, 'Direct', '')",
        f"if({domain} != '', 'Referral', 'Unknown')",
    )
    is_paid = (
        f"{medium} IN {_list(PAID_MEDIUMS)} OR startsWith({medium}, 'paid') "
        f"OR {has_gclid} OR {cleaned['gad_source']} != ''"
    )
    is_direct = (
        f"{domain} = {_text(DIRECT)} AND {medium} = '' "
        f"AND {source} IN {_list(('', *DIRECT_SOURCES))} AND NOT ({has_fbclid})"
    )
    return (
        f"multiIf(position({campaign}, 'cross-network') > 0, 'Cross Network', {is_paid}, {paid}, "
        f"{is_direct}, 'Direct', {unpaid})"
    )


def _cleaned_sql(expression: str) -> str:
    return (
        f"if(lowerUTF8(ifNull({expression}, '')) = 'null', '', lowerUTF8(ifNull({expression}, '')))"
    )


def _domain_sql(table: Mapping[str, str], domain: str) -> str:
    bare = f"if(startsWith({domain}, 'www.'), substring({domain}, 5), {domain})"
    brand = f"splitByChar('.', {bare})[1]"
    countries = {name: table[name] for name in COUNTRY_SEARCHES}
    return _first_of(
        _looked_up(table, domain), _looked_up(table, bare), _looked_up(countries, brand)
    )


def _first_of(*candidates: str) -> str:
    """The first that is not empty; the last where all before are."""
    *tried, last = candidates
    # Each is written once: the tables are long, and the store reads the text before it answers.
    found = ", ".join(f"nullIf({candidate}, '')" for candidate in tried)
    return f"coalesce({found}, {last})"


def _looked_up(table: Mapping[str, str], value: str) -> str:
    return f"transform({value}, {_array(table)}, {_array(table.values())}, '')"


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _list(values: Iterable[str]) -> str:
    return f"({', '.join(map(_text, values))})"


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
