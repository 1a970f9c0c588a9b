// collision.glb: where a person can stand and what is in the way (docs/site-format.md). Checked
// before it is believed; a mesh that is not one is an error, and the page goes on without it.

export interface CollisionMesh {
  readonly positions: Float32Array; // x, y, z; room frame, metres
  readonly floor: readonly number[]; // indices, three a triangle
  readonly obstacles: readonly number[]; // everything that is in the way
}

export class CollisionError extends Error {}

const [magic, jsonChunk, binaryChunk] = [0x46546c67, 0x4e4f534a, 0x004e4942];
const [float, uint16, uint32] = [5126, 5123, 5125];
const farthest_m = 500;
const inTheWay = ["obstacles", "walls", "unknown"];

interface Accessor {
  readonly bufferView: number;
  readonly componentType: number;
  readonly count: number;
}
interface Gltf {
  readonly accessors?: readonly Accessor[];
  readonly bufferViews?: readonly { readonly byteOffset?: number; readonly byteLength: number }[];
  readonly nodes?: readonly { readonly name: string; readonly mesh: number }[];
  readonly meshes?: readonly {
    readonly primitives: readonly {
      readonly attributes: { readonly POSITION: number };
      readonly indices: number;
    }[];
  }[];
}

function broken(what: string): never {
  throw new CollisionError(`collision.glb: ${what}`);
}

// Numbers of an accessor; DataView throws a RangeError beyond the file's end.
function numbers(gltf: Gltf, binary: DataView, index: number, each: number): number[] {
  const accessor = gltf.accessors?.[index] ?? broken("an accessor is missing");
  const view = gltf.bufferViews?.[accessor.bufferView] ?? broken("a buffer view is missing");
  const { componentType, count } = accessor;
  const bytes = componentType === uint16 ? 2 : 4;
  if (!Number.isInteger(count) || count < 0 || count * each * bytes > view.byteLength) {
    broken("an accessor is larger than its bytes");
  }
  const at = view.byteOffset ?? 0;
  return Array.from({ length: count * each }, (_, i) => {
    switch (componentType) {
      case float: return binary.getFloat32(at + 4 * i, true);
      case uint32: return binary.getUint32(at + 4 * i, true);
      case uint16: return binary.getUint16(at + 2 * i, true);
      default: return broken("a kind of number that is not expected");
    }
  });
}

// Errors: CollisionError.
export function parseCollision(bytes: ArrayBuffer): CollisionMesh {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof CollisionError) throw error;
    return broken(error instanceof Error ? error.message : "it cannot be read");
  }
}

function parse(bytes: ArrayBuffer): CollisionMesh {
  const file = new DataView(bytes);
  if (file.getUint32(0, true) !== magic || file.getUint32(4, true) !== 2) broken("no binary glTF");
  if (file.getUint32(8, true) !== bytes.byteLength) broken("its length is not what it says");
  const jsonBytes = file.getUint32(12, true);
  if (file.getUint32(16, true) !== jsonChunk) broken("no JSON in it");
  const gltf = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, jsonBytes))) as Gltf;
  const nodes = gltf.nodes ?? [];
  if (nodes.length === 0) return { positions: new Float32Array(), floor: [], obstacles: [] };
  const start = 20 + jsonBytes;
  if (file.getUint32(start + 4, true) !== binaryChunk) broken("no triangles in it");
  const binary = new DataView(bytes, start + 8, file.getUint32(start, true));

  let positions: Float32Array | null = null;
  let floor: number[] = [];
  let obstacles: number[] = [];
  for (const node of nodes) {
    const primitive = gltf.meshes?.[node.mesh]?.primitives[0] ?? broken("a mesh is missing");
    positions ??= new Float32Array(numbers(gltf, binary, primitive.attributes.POSITION, 3));
    const points = positions.length / 3;
    const triangles = numbers(gltf, binary, primitive.indices, 1);
    if (triangles.length % 3 !== 0 || triangles.some((index) => index >= points)) {
      broken("a triangle without its corners");
    }
    if (node.name === "floor") floor = floor.concat(triangles);
    else if (inTheWay.includes(node.name)) obstacles = obstacles.concat(triangles);
  }
  if (!positions!.every((value) => Math.abs(value) <= farthest_m)) broken("a corner is far away");
  return { positions: positions!, floor, obstacles };
}
