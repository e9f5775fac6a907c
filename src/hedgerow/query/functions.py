"""The functions a user's SQL may call: none reads anything but its arguments."""

from typing import Final

_AGGREGATES = """
count countIf countDistinct sum sumIf avg avgIf min minIf max maxIf any anyIf anyLast anyLastIf
argMin argMinIf argMax argMaxIf uniq uniqIf uniqExact uniqExactIf uniqHLL12 uniqCombined
groupArray groupArrayIf groupUniqArray groupUniqArrayIf quantile quantileIf quantiles quantileExact
quantileExactIf median medianIf medianExact stddevPop stddevSamp varPop varSamp covarPop corr topK
topKIf sumMap windowFunnel retention sequenceMatch sequenceCount histogram groupBitAnd groupBitOr
row_number rank dense_rank lag lead lagInFrame leadInFrame first_value last_value ntile nth_value
"""
_TIMES = """
now now64 today yesterday toDate toDate32 toDateTime toDateTime64 toDateOrNull toDateTimeOrNull
parseDateTimeBestEffort parseDateTimeBestEffortOrNull parseDateTime64BestEffortOrNull toStartOfYear
toStartOfQuarter toStartOfMonth toStartOfWeek toStartOfDay toStartOfHour toStartOfMinute
toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes toStartOfInterval toStartOfSecond
toMonday toYear toQuarter toMonth toWeek toDayOfMonth toDayOfWeek toDayOfYear toHour toMinute
toSecond toUnixTimestamp toUnixTimestamp64Milli fromUnixTimestamp64Milli
toUnixTimestamp64Micro fromUnixTimestamp64Micro toYYYYMM toYYYYMMDD
dateDiff dateAdd dateSub date_diff date_add date_sub dateTrunc date_trunc addSeconds addMinutes
addHours addDays addWeeks addMonths addYears subtractSeconds subtractMinutes subtractHours
subtractDays subtractWeeks subtractMonths subtractYears formatDateTime dateName toTimeZone
toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth
toIntervalQuarter toIntervalYear timeSlot age extract
"""
_TEXTS = """
length lengthUTF8 empty notEmpty lower upper lowerUTF8 upperUTF8 reverse concat concatWithSeparator
substring substr substringUTF8 trim trimLeft trimRight trimBoth ltrim rtrim replace replaceOne
replaceAll replaceRegexpOne replaceRegexpAll match extractAll like ilike notLike notILike position
positionCaseInsensitive startsWith endsWith splitByChar splitByString arrayStringConcat format
leftPad rightPad left right repeat ascii char domain domainWithoutWWW topLevelDomain path pathFull
protocol queryString fragment extractURLParameter cutQueryString cutURLParameter decodeURLComponent
cutToFirstSignificantSubdomain hex unhex base64Encode base64Decode multiSearchAny
multiSearchAnyCaseInsensitive multiMatchAny countSubstrings toString toFixedString md5 sha256
cityHash64 sipHash64 xxHash64 toUUID toUUIDOrNull
"""
_VALUES = """
if multiIf ifNull nullIf coalesce isNull isNotNull assumeNotNull toNullable greatest least abs round
floor ceil ceiling trunc sqrt cbrt exp log log2 log10 ln pow power sign modulo intDiv intDivOrZero
plus minus multiply divide negate equals notEquals less greater lessOrEquals greaterOrEquals and or
not xor toInt8 toInt16 toInt32 toInt64 toUInt8 toUInt16 toUInt32 toUInt64 toFloat32
toFloat64 toFloat toInt toIntOrZero toInt64OrNull toInt32OrNull toFloat64OrNull toFloat64OrZero
toInt64OrZero toUInt64OrNull toDecimal64 toBool accurateCast accurateCastOrNull cast tuple
tupleElement map mapKeys mapValues isNaN isFinite isInfinite bitAnd bitOr bitXor width_bucket
toTypeName transform caseWithExpression
"""
_ARRAYS_AND_JSON = """
array arrayJoin arrayElement arrayMap arrayFilter arrayExists arrayAll arrayCount arraySum arrayAvg
arrayMin arrayMax arraySort arrayReverseSort arrayReverse arrayDistinct arrayUniq arrayConcat
arraySlice arrayEnumerate arrayZip arrayFlatten arrayFirst arrayLast arrayDifference arrayCumSum
arrayPushBack arrayPushFront arrayPopBack arrayPopFront arrayIntersect arrayReduce has hasAll hasAny
indexOf countEqual range JSONExtract JSONExtractString JSONExtractInt JSONExtractUInt
JSONExtractFloat JSONExtractBool JSONExtractRaw JSONExtractArrayRaw JSONExtractKeys
JSONExtractKeysAndValues JSONExtractKeysAndValuesRaw JSONHas JSONLength JSONType isValidJSON
"""

AGGREGATE_FUNCTIONS: Final = frozenset(name.lower() for name in _AGGREGATES.split())
# As they are written in the docs.
SHOWN_FUNCTIONS: Final = tuple(
    name
    for block in (_AGGREGATES, _TIMES, _TEXTS, _VALUES, _ARRAYS_AND_JSON)
    for name in block.split()
)
ALLOWED_FUNCTIONS: Final = frozenset(name.lower() for name in SHOWN_FUNCTIONS)

_KEYWORDS = """
select from where and or not in as on using over by with union all distinct except intersect when
then else case between like ilike having limit offset join any values exists interval asc desc
nulls first last rows range partition order group is null cast global
"""
# Words that may stand before a parenthesis without being a function.
KEYWORDS: Final = frozenset(_KEYWORDS.split())

_NUMERIC = """
sum sumif avg avgif quantile quantileif quantiles quantileexact median medianif medianexact
stddevpop stddevsamp varpop varsamp round floor ceil abs sqrt histogram
"""
# Functions whose argument is a number: a property in them is read as one.
NUMERIC_FUNCTIONS: Final = frozenset(_NUMERIC.split())

_TEXTUAL = """
lower upper lowerutf8 upperutf8 concat concatwithseparator substring substr substringutf8 trim
ltrim rtrim trimleft trimright trimboth replace replaceone replaceall replaceregexpone
replaceregexpall match extractall like ilike notlike notilike position positioncaseinsensitive
startswith endswith splitbychar splitbystring length lengthutf8 empty notempty isvalidjson
jsonextract jsonextractstring jsonextractint jsonextractfloat jsonextractbool jsonextractraw
jsonextractarrayraw jsonhas jsonlength domain domainwithoutwww path cutquerystring tofloat64ornull
toint64ornull toint32ornull touint64ornull tofloat64orzero toint64orzero touuidornull
parsedatetimebesteffort parsedatetimebesteffortornull parsedatetime64besteffortornull
"""
# Functions whose argument is text: a property in them is read as it was sent, whatever its type.
TEXT_FUNCTIONS: Final = frozenset(_TEXTUAL.split())
