import { catalog } from "../../language/catalog";

export const form = catalog({
  en: {
    item: "No. {number}",
    addItem: "Add",
    removeItem: "Remove no. {number}",
    required: "This has to be filled in.",
    with: "With",
    form: "Form",
    json: "JSON",
    input: "Input",
    inputHelp: "Any JSON. The first step gets it.",
  },
  zh: {
    item: "第 {number} 项",
    addItem: "添加",
    removeItem: "删除第 {number} 项",
    required: "此项必填。",
    with: "输入方式",
    form: "表单",
    json: "JSON",
    input: "输入",
    inputHelp: "任意 JSON，交给第一个步骤。",
  },
});
