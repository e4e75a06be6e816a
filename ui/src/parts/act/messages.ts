import { catalog } from "../../language/catalog";

export const act = catalog({
  en: {
    cancel: "Cancel",
    close: "Close",
    confirm: "Yes, do it",
    copy: "Copy",
    copied: "Copied",
    more: "Show more",
    notJson: "This is not JSON: {reason}",
    empty: "empty",
    base64: "base64",
    shownOnce: "It is shown only now. Keep it where only its user can read it.",
  },
  zh: {
    cancel: "取消",
    close: "关闭",
    confirm: "确认执行",
    copy: "复制",
    copied: "已复制",
    more: "显示更多",
    notJson: "这不是 JSON：{reason}",
    empty: "空",
    base64: "base64",
    shownOnce: "只在此刻显示一次。请保存在只有使用者能读取的地方。",
  },
});
