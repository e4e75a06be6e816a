import { catalog } from "../../language/catalog";

export const act = catalog({
  en: {
    cancel: "Cancel",
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    more: "Show more",
    whole: "Show all of it",
    actions: "Actions",
    notJson: "This is not JSON: {reason}",
  },
  zh: {
    cancel: "取消",
    close: "关闭",
    copy: "复制",
    copied: "已复制",
    more: "显示更多",
    whole: "显示全部",
    actions: "操作",
    notJson: "这不是 JSON：{reason}",
  },
});
