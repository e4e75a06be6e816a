/** The functions of jq that are offered, each with a line on what it does. */
import type { Language } from "../../../../../language/catalog";

type Line = readonly [signature: string, en: string, zh: string];

const LINES: readonly Line[] = [
  ["abs", "the number without its sign", "绝对值"],
  ["add", "the sum of the elements (numbers, texts, lists, maps)", "各元素之和（数字、文本、列表、映射）"],
  ["all(condition)", "whether it holds for every element", "是否每个元素都满足条件"],
  ["any(condition)", "whether it holds for one element at least", "是否至少有一个元素满足条件"],
  ["ascii_downcase", "the text in lower case", "转为小写"],
  ["ascii_upcase", "the text in upper case", "转为大写"],
  ["capture(pattern)", "the named groups of a regular expression, as a map", "正则表达式的命名分组，返回映射"],
  ["ceil", "rounded up", "向上取整"],
  ["contains(value)", "whether the value is in it", "是否包含该值"],
  ["del(path)", "without what is at the path", "删除路径处的内容"],
  ["empty", "no result at all", "没有任何结果"],
  ["endswith(text)", "whether the text ends so", "文本是否以此结尾"],
  ["error(message)", "ends with an error", "以错误结束"],
  ["explode", "the code points of the text", "文本的码点列表"],
  ["first", "the first element", "第一个元素"],
  ["flatten", "lists in lists as one list", "将嵌套列表展平"],
  ["floor", "rounded down", "向下取整"],
  ["from_entries", "a map out of `{key, value}`", "由 `{key, value}` 组成映射"],
  ["fromdate", "seconds since 1970 of an ISO time", "ISO 时间对应的 1970 年以来的秒数"],
  ["fromjson", "the value that the JSON text says", "解析 JSON 文本"],
  ["getpath(path)", "what is at the path, or null", "路径处的值，没有则为 null"],
  ["group_by(key)", "lists of the elements that have the same key", "按键分组"],
  ["gsub(pattern; text)", "every match replaced", "替换所有匹配"],
  ["has(key)", "whether the map has the key, the list the index", "映射是否有该键，列表是否有该下标"],
  ["implode", "the text of code points", "由码点组成文本"],
  ["in(map)", "whether it is a key of the map", "是否为该映射的键"],
  ["index(text)", "where the text first stands", "首次出现的位置"],
  ["inside(value)", "whether it is in the value", "是否包含于该值之中"],
  ["isempty(values)", "whether there is no value", "是否没有任何值"],
  ["join(separator)", "the elements as one text", "将元素连接成文本"],
  ["keys", "the keys, in order", "所有键（已排序）"],
  ["last", "the last element", "最后一个元素"],
  ["length", "how many elements, keys or characters", "元素、键或字符的数量"],
  ["limit(count; values)", "the first so many values", "前若干个值"],
  ["ltrimstr(text)", "without the text at its beginning", "去掉开头的文本"],
  ["map(change)", "each element changed", "变换每个元素"],
  ["map_values(change)", "each value of the map changed", "变换映射的每个值"],
  ["match(pattern)", "the matches of a regular expression", "正则表达式的匹配"],
  ["max", "the greatest element", "最大的元素"],
  ["max_by(key)", "the element with the greatest key", "键最大的元素"],
  ["min", "the least element", "最小的元素"],
  ["min_by(key)", "the element with the least key", "键最小的元素"],
  ["not", "true becomes false, and the other way", "取反"],
  ["now", "the time, in seconds since 1970", "当前时间（1970 年以来的秒数）"],
  ["paths", "the paths to everything in it", "其中所有内容的路径"],
  ["range(end)", "the numbers from 0 up to, without, the end", "从 0 到该数（不含）的整数"],
  ["recurse", "it, and everything in it", "自身及其中的所有内容"],
  ["reverse", "backwards", "反转"],
  ["round", "rounded", "四舍五入"],
  ["rtrimstr(text)", "without the text at its end", "去掉结尾的文本"],
  ["scan(pattern)", "every match of a regular expression", "正则表达式的每个匹配"],
  ["select(condition)", "it, where the condition holds; else nothing", "满足条件时保留，否则丢弃"],
  ["sort", "in order", "排序"],
  ["sort_by(key)", "in order of the key", "按键排序"],
  ["split(separator)", "the text as a list of its parts", "将文本拆分为列表"],
  ["splits(pattern)", "the parts between the matches", "按匹配拆分"],
  ["startswith(text)", "whether the text begins so", "文本是否以此开头"],
  ["strftime(format)", "a time as text, like %Y-%m-%d", "将时间格式化为文本，如 %Y-%m-%d"],
  ["strptime(format)", "a time out of text", "将文本解析为时间"],
  ["sub(pattern; text)", "the first match replaced", "替换第一个匹配"],
  ["test(pattern)", "whether the regular expression matches", "正则表达式是否匹配"],
  ["to_entries", "the map as a list of `{key, value}`", "将映射转为 `{key, value}` 列表"],
  ["toarray", "in a list, unless it is one", "不是列表时放入列表"],
  ["todate", "seconds since 1970 as ISO time", "将秒数转为 ISO 时间"],
  ["tojson", "as JSON text", "转为 JSON 文本"],
  ["tonumber", "the number that the text says", "将文本转为数字"],
  ["tostring", "as text", "转为文本"],
  ["transpose", "rows become columns", "行列互换"],
  ["trim", "without spaces around", "去掉首尾空白"],
  ["type", "its type: null, boolean, number, string, array, object", "类型：null、boolean、number、string、array、object"],
  ["unique", "each element once, in order", "去重并排序"],
  ["unique_by(key)", "one element for each key", "每个键保留一个元素"],
  ["until(condition; change)", "changed until the condition holds", "不断变换直到满足条件"],
  ["values", "it, unless it is null", "非 null 时保留"],
  ["walk(change)", "everything in it changed, from the inside out", "由内而外变换其中所有内容"],
  ["with_entries(change)", "a map with each `{key, value}` changed", "变换映射的每个 `{key, value}`"],
  ["@base64", "in Base64", "Base64 编码"],
  ["@base64d", "out of Base64", "Base64 解码"],
  ["@csv", "the list as a line of CSV", "将列表写成一行 CSV"],
  ["@html", "safe in HTML", "转义为 HTML"],
  ["@json", "as JSON text", "转为 JSON 文本"],
  ["@text", "as text", "转为文本"],
  ["@uri", "safe in an address", "转义为 URI"],
];

export interface Builtin {
  readonly name: string;
  readonly signature: string;
  /** What it does. */
  readonly line: string;
}

/** What is offered, in a language. */
export function builtinsIn(language: Language): Builtin[] {
  return LINES.map(([signature, en, zh]) => ({ name: nameOf(signature), signature, line: language === "zh" ? zh : en }));
}

export const NAMES: ReadonlySet<string> = new Set(LINES.map(([signature]) => nameOf(signature)));

function nameOf(signature: string): string {
  return signature.replace(/\(.*$/, "");
}
