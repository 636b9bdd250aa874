// A question in the page: the browser's own are not shown in every frame.

import { h } from "./dom";

let open: HTMLDialogElement | undefined;

/** Whether the answer is `yes`; Escape and a newer question mean `no`. */
export function ask(question: string, yes: string, no: string): Promise<boolean> {
  open?.close("no");
  return new Promise((answer) => {
    const dialog = h(
      "dialog",
      { class: "question", "aria-labelledby": "question" },
      h("p", { id: "question" }, question),
      h(
        "div",
        { class: "answers" },
        h("button", { type: "button", class: "button primary", autofocus: true, click: () => dialog.close("no") }, no),
        h("button", { type: "button", class: "button", click: () => dialog.close("yes") }, yes),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (open === dialog) open = undefined;
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    open = dialog;
    dialog.showModal();
  });
}
