import { catalog } from "../../language/catalog";

export const home = catalog({
  en: {
    title: "Home",
    failed: "Failed lately",
    noneFailed: "Nothing failed. What fails shows here first.",
    open: "Under way",
    noneOpen: "Nothing is running or waiting.",
  },
  zh: {
    title: "首页",
    failed: "最近失败",
    noneFailed: "没有失败。失败的执行会首先显示在这里。",
    open: "进行中",
    noneOpen: "没有正在运行或等待的执行。",
  },
});
