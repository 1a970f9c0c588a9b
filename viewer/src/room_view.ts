// The room on a canvas. The engine draws; this says what, from where, and when.
import {
  AppBase,
  AppOptions,
  Asset,
  CameraComponentSystem,
  Color,
  createGraphicsDevice,
  Entity,
  FILLMODE_NONE,
  GSplatComponentSystem,
  GSplatHandler,
  Quat,
  RESOLUTION_FIXED,
  TextureHandler,
  TONEMAP_NONE,
  Vec3 as EngineVec3,
  XrManager,
  type GraphicsDevice,
} from "playcanvas";
import { followConvention } from "./convention";
import type { Drawing } from "./drawing";
import type { HeadsetWishes } from "./headset_choice";
import { HeadsetVisit, type HeadsetRoom } from "./headset_visit";
import { NoWebGlError } from "./no_webgl";
import { SplatOrder } from "./splat_order";
import { RoomFileError, type Sog } from "./sog";
import type { Pose } from "./walk";
import type { Vec3 } from "./visit";

const background: Vec3 = [0x14 / 255, 0x11 / 255, 0x0f / 255];

// Errors: NoWebGlError.
export function deviceFor(canvas: HTMLCanvasElement): Promise<GraphicsDevice> {
  return createGraphicsDevice(canvas, {
    deviceTypes: ["webgl2"],
    antialias: false,
    powerPreference: "default",
  }).catch(() => {
    throw new NoWebGlError();
  });
}

// Without their centres the engine finds these itself, which halts the page.
export interface Part {
  readonly sog: Sog;
  readonly centres: Promise<Float32Array> | null;
}

interface Shown {
  readonly entity: Entity;
  readonly asset: Asset;
}

export class RoomView {
  onContextLost: () => void = () => {};
  private readonly order: SplatOrder;
  private readonly camera = new Entity("visitor");
  private readonly addresses: string[] = []; // of blobs, to be given back
  private waiting: (() => void)[] = [];
  private drawnCount = 0;
  private shownCount = 0; // splats
  private parts = 0;
  private shown: Shown[] = [];

  // Errors: NoWebGlError.
  static async create({ canvas, device: promised }: Drawing): Promise<RoomView> {
    const device = await promised;
    const options = new AppOptions();
    options.graphicsDevice = device;
    options.componentSystems = [CameraComponentSystem, GSplatComponentSystem];
    options.resourceHandlers = [TextureHandler, GSplatHandler];
    options.devtools = false;
    if (navigator.xr) options.xr = XrManager;
    const app = new AppBase(canvas);
    app.init(options);
    return new RoomView(app, canvas);
  }

  private constructor(
    private readonly app: AppBase,
    private readonly canvas: HTMLCanvasElement,
  ) {
    app.setCanvasFillMode(FILLMODE_NONE);
    app.setCanvasResolution(RESOLUTION_FIXED, canvas.width, canvas.height);
    app.autoRender = false;
    followConvention(app);
    this.camera.addComponent("camera", {
      clearColor: new Color(...background),
      nearClip: 0.02,
      farClip: 200,
      toneMapping: TONEMAP_NONE,
    });
    app.root.addChild(this.camera);
    this.order = new SplatOrder(app, this.camera);
    app.systems.gsplat!.on("frame:request", this.draw, this);
    app.on("framerender", this.order.beforeFrame, this.order);
    app.on("frameend", this.afterFrame, this);
    app.graphicsDevice.on("devicelost", () => this.onContextLost());
    app.start();
  }

  // Shows these splats along with those that are shown already; resolves when the canvas does.
  // Errors: RoomFileError; those of `centres`.
  async show(...parts: readonly Part[]): Promise<void> {
    const assets: Asset[] = [];
    for (const part of parts) assets.push(await this.load(part));
    const count = parts.reduce((sum, { sog }) => sum + sog.meta.count, this.shownCount);
    this.shown.push(...this.hang(assets, count));
    await this.settled();
  }

  // Shows these instead of all others, without a moment in which there is nothing.
  // Errors: as show().
  async replace(part: Part): Promise<void> {
    const before = this.shown;
    this.shown = this.hang([await this.load(part)], part.sog.meta.count);
    for (const { entity } of before) entity.remove();
    await this.settled();
    for (const { entity, asset } of before) {
      entity.destroy();
      this.app.assets.remove(asset);
      asset.unload();
    }
  }

  private async load({ sog, centres }: Part): Promise<Asset> {
    this.app.scene.gsplatCentersEnabled = centres === null;
    // The engine keeps what it has loaded by address: each has one of its own.
    const url = `${++this.parts}/meta.json`;
    const asset = new Asset("room", "gsplat", { url }, { ...sog.meta }, {
      mapUrl: (name: string) => {
        const address = URL.createObjectURL(sog.pictures.get(name)!);
        this.addresses.push(address);
        return address;
      },
    } as object);
    this.app.assets.add(asset);
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) => reject(new RoomFileError("wrong", String(error)));
      asset.once("load", () => resolve());
      asset.once("error", fail);
      this.app.assets.once("error", fail); // a picture of the asset's
      this.app.assets.load(asset);
    });
    this.giveBackAddresses();
    if (centres !== null) (asset.resource as { centers: Float32Array }).centers = await centres;
    return asset;
  }

  // All in one frame: each that shows something else is drawn for long by a slow machine.
  private hang(assets: readonly Asset[], count: number): Shown[] {
    this.shownCount = count;
    this.app.scene.gsplat.splatBudget = count;
    this.order.forget();
    return assets.map((asset) => {
      const entity = new Entity("room");
      entity.addComponent("gsplat", { asset });
      this.app.root.addChild(entity);
      return { entity, asset };
    });
  }

  setSize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.app.graphicsDevice.setResolution(Math.max(1, width), Math.max(1, height));
    this.draw();
  }

  setPose(pose: Pose, fov_deg: number): void {
    const degrees = 180 / Math.PI;
    const rotation = new Quat().setFromEulerAngles(0, pose.yaw * degrees, 0);
    rotation.mul(new Quat().setFromEulerAngles(pose.pitch * degrees, 0, 0));
    this.setCamera(pose.position, rotation, fov_deg);
  }

  // Room from camera; the camera looks along -z with y up.
  setRotation(position: Vec3, wxyz: readonly [number, number, number, number], fov_deg: number) {
    const [w, x, y, z] = wxyz;
    this.setCamera(position, new Quat(x, y, z, w).normalize(), fov_deg);
  }

  private setCamera(position: Vec3, rotation: Quat, fov_deg: number): void {
    this.camera.setPosition(new EngineVec3(...position));
    this.camera.setRotation(rotation);
    this.camera.camera!.horizontalFov = false;
    this.camera.camera!.fov = fov_deg;
    this.draw();
  }

  // Shows the room in a headset until `ended`; size and pose are nobody else's meanwhile.
  // Errors: the browser's own.
  putOnHeadset(wishes: HeadsetWishes, room: HeadsetRoom): Promise<HeadsetVisit> {
    return HeadsetVisit.start(this.app, this.camera, wishes, room);
  }

  // Draws in the next frame; nothing is drawn when nothing has changed.
  draw(): void {
    this.app.renderNextFrame = true;
  }

  // How many frames were drawn so far.
  get frames(): number {
    return this.drawnCount;
  }

  // Resolves, in the very frame, when the canvas shows what was asked, in the right order.
  settled(): Promise<void> {
    this.draw();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private afterFrame(): void {
    if (!this.order.wasDrawn()) return;
    this.drawnCount++;
    switch (this.order.afterDrawing()) {
      case "awaited":
        return;
      case "stale":
        this.draw();
        return;
      case "right": {
        const waiting = this.waiting;
        this.waiting = [];
        for (const resolve of waiting) resolve();
      }
    }
  }

  private giveBackAddresses(): void {
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses.length = 0;
  }

  destroy(): void {
    this.onContextLost = () => {};
    this.giveBackAddresses();
    this.app.destroy();
  }
}
