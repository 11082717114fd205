// @ts-check
// One mark for each capture in the chart of calls, told apart by colour and shape.

import { CAPTURE_MARKS } from "../captures.js";

/**
 * Corners across and down of the shapes that have some.
 * @type {Record<string, [number, number][]>}
 */
const CORNERS = {
  up: [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  down: [
    [0, 1.2],
    [1.1, -0.8],
    [-1.1, -0.8],
  ],
  right: [
    [1.2, 0],
    [-0.8, 1.1],
    [-0.8, -1.1],
  ],
  left: [
    [-1.2, 0],
    [0.8, -1.1],
    [0.8, 1.1],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
};

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} capture
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function paintMark(pen, capture, x, y, size) {
  const number = capture % CAPTURE_MARKS.length;
  const shape = CAPTURE_MARKS[number];
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--capture-${number}`);
  pen.beginPath();
  if (shape === "disc") pen.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === "square") pen.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
  else for (const [across, down] of CORNERS[shape]) pen.lineTo(x + across * size, y + down * size);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
export function paintRing(pen, x, y, size, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.stroke();
}
