// What is asked before a notebook's export is deployed, and what is told after.
import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

export interface DeployChoice {
  readonly function: string;
  readonly name: string;
  readonly replicas: number;
}

/** What is told of a deployed model. */
export interface Deployed {
  readonly name: string;
  readonly endpoint: string;
  readonly accessKey: string;
  /** Its page in the dashboard. */
  readonly page: string;
  readonly curl: string;
  readonly unchanged: boolean;
}

/** Undefined: cancelled. */
export async function askWhatToDeploy(exports: readonly string[], notebook: string): Promise<DeployChoice | undefined> {
  const form = new DeployForm(exports);
  const { button, value } = await showDialog({
    title: `Deploy from ${notebook}`,
    body: form,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: "Deploy" })],
    focusNodeSelector: "select",
  });
  return button.accept ? (value ?? undefined) : undefined;
}

export async function tellDeployed({ name, endpoint, accessKey, page, curl, unchanged }: Deployed): Promise<void> {
  const body = new Widget();
  body.node.style.width = "min(34rem, 80vw)";
  body.node.append(
    paragraph(unchanged ? `${name} runs this build already.` : `${name} answers calls.`),
    labelled("Endpoint", output(endpoint)),
    labelled("Access key", output(accessKey)),
    labelled("A call from a shell", output(curl)),
  );
  const { button } = await showDialog({
    title: `Deployed: ${name}`,
    body,
    buttons: [Dialog.cancelButton({ label: "Close" }), Dialog.okButton({ label: "Open its page" })],
  });
  if (button.accept) window.open(page, "_blank", "noopener");
}

class DeployForm extends Widget implements Dialog.IBodyWidget<DeployChoice> {
  readonly #function = document.createElement("select");
  readonly #name = document.createElement("input");
  readonly #replicas = document.createElement("input");

  constructor(exports: readonly string[]) {
    super();
    this.#function.append(...exports.map((name) => new Option(name)));
    this.#function.className = "jp-mod-styled";
    Object.assign(this.#name, { className: "jp-mod-styled", value: modelNameFor(exports[0]!), required: true });
    Object.assign(this.#replicas, { className: "jp-mod-styled", type: "number", min: "1", max: "64", value: "1" });
    this.#function.onchange = () => {
      this.#name.value = modelNameFor(this.#function.value);
    };
    this.node.append(
      labelled("Exported function", this.#function),
      labelled("Model's name", this.#name),
      labelled("Replicas", this.#replicas),
    );
  }

  getValue(): DeployChoice {
    return {
      function: this.#function.value,
      name: this.#name.value.trim(),
      replicas: Number(this.#replicas.value) || 1,
    };
  }
}

/** `scoreBill` → `score-bill`: names of models are lower-case. */
function modelNameFor(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  const label = document.createElement("label");
  label.style.cssText = "display: block; margin-bottom: 10px";
  label.append(text, control);
  control.style.width = "100%";
  return label;
}

function output(text: string): HTMLElement {
  const field = document.createElement("textarea");
  Object.assign(field, { value: text, readOnly: true, className: "jp-mod-styled", rows: Math.ceil(text.length / 60) });
  field.style.fontFamily = "var(--jp-code-font-family)";
  field.onfocus = () => field.select();
  return field;
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
