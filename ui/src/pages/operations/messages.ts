import { catalog } from "../../language/catalog";

export const operations = catalog({
  en: {
    title: "Operations",
    functions: "Functions",
    flow: "Flow",
    name: "Function",
    state: "State",
    emptyTitle: "No functions yet",
    empty: "A function is code in a folder `cmd/<name>` of a flow's project, or an address that a step calls.",
  },
  zh: {
    title: "运维",
    functions: "函数",
    flow: "流程",
    name: "函数",
    state: "状态",
    emptyTitle: "还没有函数",
    empty: "函数是流程项目中 `cmd/<名称>` 文件夹里的代码，或步骤所调用的地址。",
  },
});
