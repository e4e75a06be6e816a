import { catalog } from "../../language/catalog";

export const form = catalog({
  en: {
    item: "No. {number}",
    addItem: "Add",
    removeItem: "Remove no. {number}",
  },
  zh: {
    item: "第 {number} 项",
    addItem: "添加",
    removeItem: "删除第 {number} 项",
  },
});
