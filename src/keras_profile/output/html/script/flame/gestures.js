// @ts-check
// Turns mouse, wheel and touch into zoom, pan, selection and marks of a flame graph.

/** @import { Flame } from "./flame.js" */

/** Fingers are taken to be this far from each other at least, in pixels. */
const LEAST_SPREAD = 20;
/** A mouse that is held moves this far before it drags. */
const LEAST_DRAG = 4;

/** @param {Flame} flame */
export function listenToGestures(flame) {
  new Gestures(flame).listen();
}

class Gestures {
  /** @param {Flame} flame */
  constructor(flame) {
    this.flame = flame;
    /**
     * Where a mouse or finger was put down, and what was shown then.
     * @type {{ x: number, y: number, from: number, to: number, scroll: number, moved: boolean,
     *   marks: boolean, place: number } | null}
     */
    this.drag = null;
    /**
     * Where two fingers were put down, and what was shown then.
     * @type {{ middle: number, apart: number, from: number, to: number } | null}
     */
    this.fingers = null;
  }

  listen() {
    const host = this.flame.element;
    host.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    host.addEventListener("pointerdown", (event) => this.press(event));
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => this.release(event));
    host.addEventListener("pointercancel", () => {
      this.drag = null;
    });
    // Two fingers are watched as touches: of pointers the browser would take them away for its own zoom.
    host.addEventListener("touchstart", (event) => this.touch(event), { passive: false });
    host.addEventListener("touchmove", (event) => this.pinch(event), { passive: false });
    for (const end of ["touchend", "touchcancel"]) {
      host.addEventListener(end, () => {
        this.fingers = null;
      });
    }
    host.addEventListener("pointerleave", () => this.leave());
    host.addEventListener("dblclick", (event) => {
      const box = this.flame.boxAt(event);
      if (box >= 0) this.flame.zoomTo(box);
    });
  }

  leave() {
    const { flame } = this;
    flame.hovered = -1;
    flame.act.hover(-1, null);
    flame.draw();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const { flame } = this;
    if (flame.isEmpty) return;
    const across = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || event.metaKey || event.altKey) {
      event.preventDefault();
      const place = flame.canvas.getBoundingClientRect();
      const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.006);
      flame.zoomBy(factor, (event.clientX - place.left) / place.width);
    } else if (Math.abs(across) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      flame.pan(across / flame.width);
    }
  }

  /**
   * Where two fingers are: the place between them and how far they are from each other.
   * @param {TouchEvent} event
   */
  spread({ touches: [one, other] }) {
    const { left } = this.flame.canvas.getBoundingClientRect();
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    return { middle: (one.clientX + other.clientX) / 2 - left, apart: Math.max(apart, LEAST_SPREAD) };
  }

  /** @param {TouchEvent} event */
  touch(event) {
    if (event.touches.length !== 2 || this.flame.isEmpty) return;
    event.preventDefault();
    this.drag = null;
    this.fingers = { ...this.spread(event), from: this.flame.from, to: this.flame.to };
  }

  /**
   * What was between the fingers stays there; the view grows as they part.
   * @param {TouchEvent} event
   */
  pinch(event) {
    const { fingers, flame } = this;
    if (event.touches.length !== 2 || !fingers) return;
    event.preventDefault();
    const { middle, apart } = this.spread(event);
    const span = ((fingers.to - fingers.from) * fingers.apart) / apart;
    const held = fingers.from + (fingers.middle / flame.width) * (fingers.to - fingers.from);
    const from = held - (middle / flame.width) * span;
    flame.setView(from, from + span, false);
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button || event.isPrimary === false) return;
    const { flame } = this;
    const place = flame.canvas.getBoundingClientRect();
    this.drag = {
      x: event.clientX,
      y: event.clientY,
      from: flame.from,
      to: flame.to,
      scroll: flame.element.scrollTop,
      moved: false,
      marks: event.shiftKey || event.clientY - place.top < flame.top,
      place: flame.placeAt(event),
    };
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { flame } = this;
    if (flame.isEmpty) return;
    if (this.isDragging(event)) {
      this.dragTo(event);
      return;
    }
    if (event.pointerType === "touch") return;
    const box = flame.boxAt(event);
    if (box !== flame.hovered) {
      flame.hovered = box;
      flame.draw();
    }
    flame.element.classList.toggle("over", box >= 0);
    flame.act.hover(box, event);
  }

  /**
   * Whether what was put down has moved far enough.
   * @param {PointerEvent} event
   */
  isDragging(event) {
    const { drag, flame } = this;
    if (!drag || !(event.buttons & 1)) return false;
    const moved = Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y);
    if (!drag.moved && moved > LEAST_DRAG) {
      drag.moved = true;
      flame.element.setPointerCapture(event.pointerId);
      if (!drag.marks) flame.element.classList.add("dragged");
    }
    return drag.moved;
  }

  /**
   * Marks a part of the axis, or pans.
   * @param {PointerEvent} event
   */
  dragTo(event) {
    const { drag, flame } = this;
    if (!drag) return;
    if (drag.marks) {
      const at = flame.placeAt(event);
      flame.mark([Math.min(drag.place, at), Math.max(drag.place, at)]);
      return;
    }
    const shift = ((event.clientX - drag.x) / flame.width) * (drag.to - drag.from);
    flame.setView(drag.from - shift, drag.to - shift, false);
    if (event.pointerType === "mouse") flame.element.scrollTop = drag.scroll - (event.clientY - drag.y);
    flame.act.hover(-1, null);
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { drag, flame } = this;
    const { range } = flame;
    this.drag = null;
    flame.element.classList.remove("dragged");
    if (drag?.moved && drag.marks && range) {
      if (flame.act.range) flame.act.range(range);
      else {
        flame.mark(null);
        flame.setView(...range);
      }
    }
    if (!drag || drag.moved || event.button) return;
    const box = flame.boxAt(event);
    flame.range = null;
    flame.select(box);
    flame.act.select(box);
    if (box >= 0 && flame.clickZooms) flame.zoomTo(box);
  }
}
