import { catalog } from "../../language/catalog";

export const queues = catalog({
  en: {
    title: "Queues",
    name: "Queue",
    ready: "Ready",
    leased: "Leased",
    delayed: "Delayed",
    dead: "Dead letters",
    emptyTitle: "No queues yet",
    empty: "A queue is made by the first item that is put into it: by a function with `delivery: queue`, by a batch, or over the API.",
  },
  zh: {
    title: "队列",
    name: "队列",
    ready: "就绪",
    leased: "已租出",
    delayed: "延迟",
    dead: "死信",
    emptyTitle: "还没有队列",
    empty: "放入第一个条目时队列会自动创建：可以来自 `delivery: queue` 的函数、批处理或 API。",
  },
});
