// @ts-check
// Whether things are to be where they go to at once.

export const stillMotion = matchMedia("(prefers-reduced-motion: reduce)");
