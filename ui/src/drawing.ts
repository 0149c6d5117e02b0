// When to draw: pictures in the window one after another, so that the first is seen soon, others while the browser is idle.

export type Library = typeof import("./echarts");
type Draw = (library: Library) => void;

const waiting = new Map<Element, Draw>();
const inWindow = new Set<Element>();
let library: Library | undefined;
let isDrawing = false;

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inWindow.add(target);
    else inWindow.delete(target);
  }
  request();
});

/** Load the library: a page that draws pictures does so while it waits for their data. */
export async function loadLibrary(): Promise<void> {
  library = await import("./echarts");
  request();
}

/** Call `draw` when `element` comes into the window, or else when there is time; return how to stop that. */
export function whenVisible(element: Element, draw: Draw): () => void {
  waiting.set(element, draw);
  observer.observe(element);
  return () => forget(element);
}

function forget(element: Element): void {
  waiting.delete(element);
  inWindow.delete(element);
  observer.unobserve(element);
}

function begin(elements: Iterable<Element>): void {
  for (const element of elements) {
    const draw = waiting.get(element);
    forget(element);
    draw?.(library!);
    break;
  }
}

function request(): void {
  if (!library || isDrawing) return;
  if (inWindow.size) {
    isDrawing = true;
    begin(inWindow);
    afterFrames(2, next); // the picture is painted in the first, and on the screen by the second
  } else if (waiting.size) {
    isDrawing = true;
    const idle = window.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 50));
    idle(() => {
      begin(inWindow.size ? inWindow : waiting.keys());
      next();
    });
  }
}

function next(): void {
  isDrawing = false;
  request();
}

function afterFrames(count: number, then: () => void): void {
  requestAnimationFrame(() => (count > 1 ? afterFrames(count - 1, then) : then()));
}
