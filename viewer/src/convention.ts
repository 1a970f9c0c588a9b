// Holds the engine (playcanvas 2.23.3, pinned) to src/scene/splat_convention.h, which the trainer and
// renderer follow too. What it does otherwise is replaced in its shaders, piece by piece; a piece that is
// not there means another engine, and an error.
import {
  GSPLATDATA_LARGE, SHADERLANGUAGE_GLSL, ShaderChunks, type AppBase,
} from "playcanvas";

interface Piece {
  readonly engine: string;
  readonly count: number;
  readonly convention: string;
}

function replaced(name: string, code: string, pieces: readonly Piece[]): string {
  for (const { engine, count, convention } of pieces) {
    const parts = code.split(engine);
    if (parts.length !== count + 1) {
      throw new Error(`the engine's ${name} is not the one this page was written for`);
    }
    code = parts.join(convention);
  }
  return code;
}

// The engine reckons a splat's extent in half pixels, but adds 0.3 as its screen filter, which
// makes 0.075 square pixels, and cuts the extent as if it were in pixels. The convention means
// pixels, so its numbers are put into half pixels here.
const cornerChunk = "gsplatCornerVS";
const inHalfPixels: readonly Piece[] = [
  { engine: "+ 0.3", count: 4, convention: "+ 1.2" },
  { engine: "float vmin = min(", count: 1, convention: "float vmin = 2.0 * min(" },
];

// The engine keeps rotations as three half floats, x, y and z, and reckons w from them: where w is
// small the splat comes out turned by degrees. In the same 48 bits: the three smallest of the four in
// 15 bits each, and which is left out.
const storing: readonly Piece[] = [
  { engine: "void writeSplat(", count: 1, convention: `
uvec2 packedRotation(vec4 q) {
  vec4 size = abs(q);
  float most = max(max(size.x, size.y), max(size.z, size.w));
  uint left = size.x == most ? 0u : size.y == most ? 1u : size.z == most ? 2u : 3u;
  float greatest = left == 0u ? q.x : left == 1u ? q.y : left == 2u ? q.z : q.w;
  vec3 rest = left == 0u ? q.yzw : left == 1u ? q.xzw : left == 2u ? q.xyw : q.xyz;
  rest *= greatest < 0.0 ? -0.70710678 : 0.70710678;
  uvec3 steps = uvec3(clamp((rest + 0.5) * 32766.0 + 0.5, 0.0, 32766.0));
  return uvec2(steps.x | (steps.y << 15u) | (left << 30u), steps.z);
}
void writeSplat(` },
  { engine: "packHalf2x16(rotation.xy)", count: 1, convention: "packedRotation(rotation).x" },
  { engine: "packHalf2x16(vec2(rotation.z, scale.x))", count: 1,
    convention: "packHalf2x16(vec2(0.0, scale.x)) | packedRotation(rotation).y" },
];
const reading: readonly Piece[] = [
  { engine: "vec2 rotXY = unpackHalf2x16(cachedTransformA.a);", count: 1, convention: "" },
  { engine: "vec3 rotXYZ = vec3(rotXY, rotZscaleX.x);", count: 1, convention: `
  uvec3 steps = uvec3(cachedTransformA.a & 0x7FFFu, (cachedTransformA.a >> 15u) & 0x7FFFu,
    cachedTransformB.x & 0x7FFFu);
  uint left = cachedTransformA.a >> 30u;
  vec3 rest = (vec3(steps) / 32766.0 - 0.5) * 1.41421356;
  float greatest = sqrt(max(0.0, 1.0 - dot(rest, rest)));` },
  { engine: "return vec4(rotXYZ, sqrt(max(0.0, 1.0 - dot(rotXYZ, rotXYZ)))).wxyz;", count: 1,
    convention: `return left == 0u ? vec4(rest.z, greatest, rest.xy) :
    left == 1u ? vec4(rest.z, rest.x, greatest, rest.y) :
    left == 2u ? vec4(rest.z, rest.xy, greatest) : vec4(greatest, rest);` },
];

interface Format {
  _read: string;
  getWriteCode(): string;
  setWriteCode(glsl: string, wgsl: string): void;
}

export function followConvention(app: AppBase): void {
  const chunks = ShaderChunks.get(app.graphicsDevice, SHADERLANGUAGE_GLSL);
  chunks.set(cornerChunk, replaced(cornerChunk, chunks.get(cornerChunk) ?? "", inHalfPixels));
  const gsplat = app.scene.gsplat;
  gsplat.antiAlias = true; // the screen filter with opacity compensation
  gsplat.minPixelSize = 0;
  gsplat.minContribution = 0;
  gsplat.alphaClipForward = 1 / 255;
  gsplat.radialSorting = false; // by depth along the view axis
  gsplat.useTonemap = false; // colours stay as they are encoded
  gsplat.useFog = false;
  gsplat.dataFormat = GSPLATDATA_LARGE; // half floats; the compact form rounds scales to 8 %
  gsplat.colorUpdateAngle = 0; // harmonics are seen from where one stands, not from nearby
  const format = gsplat.format as unknown as Format;
  format._read = replaced("form of splats", format._read, reading);
  format.setWriteCode(replaced("form of splats", format.getWriteCode(), storing), "");
}
