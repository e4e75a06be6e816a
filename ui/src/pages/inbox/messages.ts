import { catalog } from "../../language/catalog";

export const inbox = catalog({
  en: {
    title: "Inbox",
    emptyTitle: "Nothing to decide",
    empty: "Steps that wait for a person's decision show here, with their data and a form.",
  },
  zh: {
    title: "待办",
    emptyTitle: "没有需要决定的事项",
    empty: "等待人工决定的步骤会连同数据和表单显示在这里。",
  },
});
