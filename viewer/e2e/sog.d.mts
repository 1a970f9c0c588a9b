export interface FixtureSplat {
  position: number[];
  scale: number[];
  rotation: number[];
  colour: number[];
  opacity: number;
  harmonics?: number[][];
}
export function encodeSog(splats: FixtureSplat[]): Record<string, Uint8Array>;
