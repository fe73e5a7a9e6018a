// The crop point on the picture itself; the two number fields say the same and need no script.

const STEP = 0.02; // of the picture, for an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const WIDTH = 480; // pixels of the preview of a picture just chosen

function open(crop) {
  const row = crop.closest(".inline-related");
  const fields = ["x", "y"].map((axis) => row.querySelector(`input[name$="-crop_${axis}"]`));
  if (!fields[0] || !crop.firstElementChild || crop.querySelector(".crop-mark")) return;
  const mark = document.createElement("span");
  mark.className = "crop-mark";
  crop.append(mark);
  crop.tabIndex = 0;
  crop.setAttribute("role", "group");
  crop.setAttribute("aria-label", crop.dataset.how);
  crop.title = crop.dataset.how;

  const show = () => {
    const [x, y] = fields.map((field) => Number(field.value) || 0);
    mark.style.insetInlineStart = `${x * 100}%`;
    mark.style.insetBlockStart = `${y * 100}%`;
  };
  const set = (...point) => {
    point.forEach((value, axis) => {
      fields[axis].value = Math.min(1, Math.max(0, value)).toFixed(2);
      fields[axis].dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  crop.addEventListener("click", (event) => {
    const box = crop.firstElementChild.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  crop.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    set(...fields.map((field, axis) => Number(field.value) + way[axis] * STEP));
  });
  for (const field of fields) {
    field.addEventListener("input", show);
    field.addEventListener("change", show);
  }
  show();
}

// What has just been chosen, drawn here: nothing has been sent yet.
async function preview(input) {
  const crop = input.closest(".inline-related")?.querySelector("[data-crop]");
  if (!crop || !input.files.length) return;
  let bitmap;
  try {
    bitmap = await createImageBitmap(input.files[0]);
  } catch {
    crop.replaceChildren(); // no picture: the server will say why
    return;
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(WIDTH, bitmap.width);
  canvas.height = Math.max(1, Math.round((bitmap.height * canvas.width) / bitmap.width));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", crop.dataset.chosen ?? input.files[0].name);
  // A fresh element: the listeners of a picture chosen before go with the old one.
  const fresh = crop.cloneNode(false);
  fresh.append(canvas);
  crop.replaceWith(fresh);
  open(fresh);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][name^='pictures-']")) preview(event.target);
});
window.addEventListener("load", () => document.querySelectorAll("[data-crop]").forEach(open));
