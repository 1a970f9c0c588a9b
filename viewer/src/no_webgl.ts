// The browser cannot draw here.
export class NoWebGlError extends Error {}
