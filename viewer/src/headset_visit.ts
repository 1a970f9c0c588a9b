// The room in a headset: standing or sitting in it at its true size, pointing to where one would like to
// stand, turning in steps; gentler and livelier ways are the visitor's choice.
import {
  BLEND_NORMAL, CULLFACE_NONE, Entity, LAYERID_IMMEDIATE, Mesh, MeshInstance, PRIMITIVE_TRIANGLES,
  SEMANTIC_POSITION, ShaderMaterial, Vec3 as EngineVec3, XRSPACE_LOCAL, XRSPACE_LOCALFLOOR, XRTYPE_VR,
  type AppBase, type XrInputSource, type XrManager,
} from "playcanvas";
import type { Ground, Place } from "./ground";
import type { HeadsetWishes } from "./headset_choice";
import { pointedAt, pointedFloor, Rig, SnapTurn } from "./rig";
import type { Thing, Vec3 } from "./visit";
import { turningSpeed, walkingSpeed, type Pose } from "./walk";

const farthest_m = 6; // of a place that is pointed at
const nearFloor_m = 1; // to where one can stand
const idle = 0.2; // sticks seldom rest at nothing
const [darkFrom, darkTo] = [0.45, 0.85]; // of the vignette, as tangents off the middle
const darkens_per_s = 5;
const leaves_s = 2; // of holding the grip; it darkens meanwhile, so that nobody leaves unawares

export interface HeadsetRoom {
  readonly pose: Pose; // where one stood on the page
  readonly eyes_m: number; // how high the eyes are where the headset does not know the floor
  readonly ground: Ground;
  readonly things: readonly Thing[];
  readonly choose: (thing: Thing) => void;
  readonly hush: () => void;
  readonly hears: (pose: Pose) => void; // with every frame
}

const vertex = `
attribute vec3 aPosition;
uniform mat4 matrix_model;
uniform mat4 matrix_viewProjection;
varying float vAway;
void main(void) {
  vAway = length(aPosition.xy);
  gl_Position = matrix_viewProjection * matrix_model * vec4(aPosition, 1.0);
}`;
const fragment = `
precision highp float;
uniform vec4 uColour;
uniform vec2 uFade;
varying float vAway;
void main(void) {
  gl_FragColor = vec4(uColour.rgb, uColour.a * smoothstep(uFade.x, uFade.y, vAway));
}`;

// A flat ring about the origin, facing z.
function ring(app: AppBase, name: string, inner: number, outer: number) {
  const segments = 48;
  const positions: number[] = [];
  const indices: number[] = [];
  for (let i = 0; i < segments; i++) {
    const angle = (2 * Math.PI * i) / segments;
    for (const radius of [inner, outer]) positions.push(radius * Math.cos(angle), radius * Math.sin(angle), 0);
    const [a, b] = [2 * i, (2 * i + 2) % (2 * segments)];
    indices.push(a, a + 1, b, b, a + 1, b + 1);
  }
  const mesh = new Mesh(app.graphicsDevice);
  mesh.setPositions(positions);
  mesh.setIndices(indices);
  mesh.update(PRIMITIVE_TRIANGLES);
  const material = new ShaderMaterial({
    uniqueName: "ajar-ring", vertexGLSL: vertex, fragmentGLSL: fragment,
    attributes: { aPosition: SEMANTIC_POSITION },
  });
  material.blendType = BLEND_NORMAL;
  material.depthTest = false;
  material.depthWrite = false;
  material.cull = CULLFACE_NONE;
  material.update();
  const node = new Entity(name);
  const instance = new MeshInstance(mesh, material, node);
  instance.cull = false;
  const layer = app.scene.layers.getLayerById(LAYERID_IMMEDIATE)!;
  layer.addMeshInstances([instance]);
  instance.visible = false;
  const give = () => {
    layer.removeMeshInstances([instance]);
    node.destroy();
  };
  return { node, material, instance, give };
}

function begin(camera: Entity, space: string): Promise<void> {
  return new Promise((resolve, reject) => {
    camera.camera!.startXr(XRTYPE_VR, space, {
      callback: (error: Error | null) => (error ? reject(error) : resolve()),
    });
  });
}

const numbers = ({ x, y, z }: EngineVec3): Vec3 => [x, y, z];

export class HeadsetVisit {
  readonly ended: Promise<Pose>; // with where one stood last
  private readonly xr: XrManager;
  private readonly space = new Entity("headset's space");
  private readonly mark: ReturnType<typeof ring>;
  private readonly dark: ReturnType<typeof ring>;
  private readonly snap = new SnapTurn();
  private darkness = 0;
  private gripped: { readonly source: XrInputSource; held_s: number } | null = null;
  private last_ms = 0;
  private arrived = false;
  private pose: Pose;

  // Within a visitor's own act. Errors: the browser's own, when there is no headset after all.
  static async start(
    app: AppBase, camera: Entity, wishes: HeadsetWishes, room: HeadsetRoom,
  ): Promise<HeadsetVisit> {
    let knowsFloor = !wishes.seated;
    try {
      await begin(camera, knowsFloor ? XRSPACE_LOCALFLOOR : XRSPACE_LOCAL);
    } catch (error) {
      if (!knowsFloor) throw error;
      knowsFloor = false;
      await begin(camera, XRSPACE_LOCAL);
    }
    return new HeadsetVisit(app, camera, wishes, room, new Rig(knowsFloor ? 0 : room.eyes_m));
  }

  private constructor(
    private readonly app: AppBase,
    private readonly camera: Entity,
    private readonly wishes: HeadsetWishes,
    private readonly room: HeadsetRoom,
    private readonly rig: Rig,
  ) {
    this.xr = app.xr!;
    this.pose = room.pose;
    app.root.addChild(this.space);
    this.space.addChild(camera);
    this.mark = ring(app, "where one would stand", 0.16, 0.22);
    this.mark.material.setParameter("uColour", [0.91, 0.77, 0.56, 0.9]);
    this.mark.material.setParameter("uFade", [-1, 0]);
    this.mark.node.setLocalEulerAngles(-90, 0, 0);
    app.root.addChild(this.mark.node);
    this.dark = ring(app, "vignette", darkFrom * 0.8, 6);
    this.dark.material.setParameter("uFade", [darkFrom, darkTo]);
    this.dark.node.setLocalPosition(0, 0, -1);
    camera.addChild(this.dark.node);
    app.autoRender = true;
    this.xr.on("update", this.frame, this);
    this.xr.input.on("select", this.select, this);
    this.xr.input.on("squeezestart", this.grip, this);
    this.xr.input.on("squeezeend", this.letGo, this);
    this.xr.input.on("squeeze", this.room.hush);
    this.ended = new Promise((resolve) => this.xr.once("end", () => {
      this.give();
      resolve(this.pose);
    }));
  }

  private give(): void {
    this.xr.off("update", this.frame, this);
    this.xr.input.off("select", this.select, this);
    this.xr.input.off("squeezestart", this.grip, this);
    this.xr.input.off("squeezeend", this.letGo, this);
    this.xr.input.off("squeeze", this.room.hush);
    this.app.autoRender = false;
    this.app.root.addChild(this.camera);
    this.mark.give();
    this.dark.give();
    this.space.destroy();
  }

  private get head(): Vec3 {
    return numbers(this.camera.getLocalPosition());
  }

  private frame(): void {
    const now_ms = performance.now();
    const dt_s = Math.min(0.1, (now_ms - this.last_ms) / 1000);
    this.last_ms = now_ms;
    const { rig, head } = this;
    if (!this.arrived) {
      this.arrived = true;
      this.lie();
      rig.turn(this.room.pose.yaw - this.yaw(), head);
      rig.stand([this.room.pose.position[0], this.room.pose.position[2]], head);
    }
    let moves = false;
    let target: Place | null = null;
    for (const source of this.xr.input.inputSources) {
      moves = this.stick(source, dt_s) || moves;
      target ??= this.target(source);
    }
    this.lie();
    if (this.gripped !== null && (this.gripped.held_s += dt_s) >= leaves_s) {
      this.gripped = null;
      window.setTimeout(() => this.xr.end()); // not amid a frame
    }
    this.darken(moves, dt_s);
    this.mark.instance.visible = target !== null;
    if (target !== null) this.mark.node.setPosition(target[0], 0.01, target[1]);
    const [x, z] = rig.placeOf(this.head);
    const position: Vec3 = [x, this.room.pose.position[1], z];
    this.pose = { position, yaw: this.yaw(), pitch: 0 };
    this.room.hears({ ...this.pose, position: numbers(this.camera.getPosition()) });
  }

  // The engine's own picture of where the space lies.
  private lie(): void {
    this.space.setPosition(...this.rig.position);
    this.space.setEulerAngles(0, (this.rig.yaw * 180) / Math.PI, 0);
  }

  private yaw(): number {
    const { x, z } = this.camera.forward;
    return Math.atan2(-x, -z);
  }

  // Whether the visitor is carried along, which not everybody bears.
  private stick(source: XrInputSource, dt_s: number): boolean {
    const axes = source.gamepad?.axes ?? [];
    const [x, y] = [axes[2] ?? 0, axes[3] ?? 0];
    const { rig, head } = this;
    if (!this.wishes.smoothTurns) {
      const left = this.snap.turn(x);
      if (left !== 0) rig.turn(left, head);
    }
    const turns = this.wishes.smoothTurns && Math.abs(x) > idle;
    if (turns) rig.turn(-x * turningSpeed * dt_s, head);
    const walks = this.wishes.walks && Math.abs(y) > idle;
    if (walks) {
      const [sin, cos] = [Math.sin(this.yaw()), Math.cos(this.yaw())];
      const step_m = -y * walkingSpeed * dt_s;
      rig.stand(this.room.ground.walk(rig.placeOf(head), [-sin * step_m, -cos * step_m]), head);
    }
    return turns || walks;
  }

  // Where one would stand: on floor that can be stood on.
  private target(source: XrInputSource): Place | null {
    const place = pointedFloor(numbers(source.getOrigin()), numbers(source.getDirection()), farthest_m);
    if (place === null) return null;
    const near = this.room.ground.nearest(place);
    return Math.hypot(near[0] - place[0], near[1] - place[1]) > nearFloor_m ? null : near;
  }

  private select(source: XrInputSource): void {
    const { things } = this.room;
    const meant = pointedAt(numbers(source.getOrigin()), numbers(source.getDirection()),
      things.map(({ position }) => position));
    if (meant !== null) return this.room.choose(things[meant]!);
    const target = this.target(source);
    if (target !== null) this.rig.stand(target, this.head);
  }

  private grip(source: XrInputSource): void {
    this.gripped = { source, held_s: 0 };
  }

  private letGo(source: XrInputSource): void {
    if (this.gripped?.source === source) this.gripped = null;
  }

  private darken(moves: boolean, dt_s: number): void {
    const leaving = (this.gripped?.held_s ?? 0) / leaves_s;
    const wanted = Math.max(leaving, moves && this.wishes.vignette ? 1 : 0);
    const step = darkens_per_s * dt_s;
    this.darkness += Math.min(step, Math.max(-step, wanted - this.darkness));
    this.dark.instance.visible = this.darkness > 0;
    this.dark.material.setParameter("uColour", [0.08, 0.067, 0.059, this.darkness]);
  }
}
