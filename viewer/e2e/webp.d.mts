export function encodeWebp(width: number, height: number, rgba: Uint8Array): Uint8Array;
