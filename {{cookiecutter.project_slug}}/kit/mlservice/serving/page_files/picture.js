// A picture: a file, sent as it is, or what is drawn. Both are sent in base64.
import { make } from "./elements.js";

const SIDE = 240; // pixels of a drawing, each way
const INK = 22; // pixels, the width of a line

/** Make a canvas and a choice of a file, the example filled in. */
export function picture({ name, example, description }) {
  const label = `${description}: draw it here, or choose a file`;
  const canvas = make("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": label });
  const input = make("input", { type: "file", accept: "image/*" });
  const button = make("button", { type: "button" }, "New drawing");
  const state = { value: "", drawn: false, file: "" }; // file: the name of the one that is shown
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: INK, lineCap: "round", lineJoin: "round", imageSmoothingEnabled: false });
  const paper = () => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, SIDE, SIDE);
  };
  const keep = () => {
    input.value = "";
    Object.assign(state, { value: canvas.toDataURL().split(",")[1], drawn: true, file: "" });
    canvas.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (value, chosen = "") => {
    Object.assign(state, { value, drawn: false, file: chosen });
    paper();
    const image = new Image();
    image.onload = () => {
      const scale = SIDE / Math.max(image.width, image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      pen.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    };
    image.src = `data:image/png;base64,${value}`;
  };
  const move = ({ offsetX, offsetY }) => {
    const scale = SIDE / canvas.clientWidth;
    pen.lineTo(offsetX * scale, offsetY * scale);
    pen.stroke();
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!state.drawn) paper();
    pen.beginPath();
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && move(event));
  canvas.addEventListener("pointerup", keep);
  button.addEventListener("click", () => {
    paper();
    keep();
  });
  input.addEventListener("change", async () => {
    const [chosen] = input.files;
    if (chosen) show(await base64(chosen), chosen.name);
    canvas.dispatchEvent(new Event("input", { bubbles: true }));
  });
  show(example);
  const file = () => state.file && `${name}=@${JSON.stringify(state.file)}`;
  const around = make("div", { class: "picture" }, canvas, make("div", {}, input, button));
  return { input, around, wide: true, value: () => state.value, file, reset: () => show(example) };
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
