// Sound from a place in the room: gentle, so that one ear alone hears every word. Whatever a browser
// lacks, the recording is heard plainly.
import type { Vec3 } from "./visit";
import type { Pose } from "./walk";

const near_m = 1.5; // within which a voice is as loud as it was recorded
const fading = 0.4; // how much weaker it gets beyond
const share = 0.65; // of the sound that comes from its place
const ramp_s = 0.15; // no change is a click

// Along which way a listener looks; up is always y.
export function ahead(pose: Pose): Vec3 {
  const level = Math.cos(pose.pitch);
  return [-Math.sin(pose.yaw) * level, Math.sin(pose.pitch), -Math.cos(pose.yaw) * level];
}

// Where there is nothing to hear it with, a browser says "running" and time stands still; a recording that
// has been led there would stand still with it.
async function runs(context: AudioContext): Promise<boolean> {
  const from_s = context.currentTime;
  for (let tries = 0; tries < 10; tries++) {
    await new Promise((resolve) => window.setTimeout(resolve, 50));
    if (context.state === "running" && context.currentTime > from_s) return true;
  }
  return false;
}

interface Voice {
  readonly source: MediaElementAudioSourceNode;
  readonly plain: GainNode;
  readonly placed: GainNode;
  readonly panner: PannerNode;
}

export class SoundPlace {
  private context: AudioContext | null = null;
  private voice: Voice | null = null;
  private place: Vec3 | null = null;
  private wanted = true;

  // Within a visitor's own act, when `media` has been told to play: before that no browser lets it sound.
  // Until the browser is ready for more, and if it never is, the sound is plain.
  async begin(media: HTMLMediaElement, place: Vec3 | null, pose: Pose | null): Promise<void> {
    this.end();
    this.place = place;
    if (place === null || pose === null) return;
    try {
      this.context ??= new AudioContext();
      const { context } = this;
      await context.resume();
      if (!(await runs(context)) || this.place !== place) return;
      const voice = this.connect(context, media);
      this.voice = voice;
      this.listenFrom(pose);
      this.mix();
    } catch (error) {
      console.warn(error instanceof Error ? error.message : error);
    }
  }

  // After a pause the browser may have put its sound to sleep.
  wake(): void {
    if (this.voice !== null) void this.context?.resume();
  }

  fromItsPlace(wanted: boolean): void {
    this.wanted = wanted;
    this.mix();
  }

  listenFrom(pose: Pose): void {
    if (this.context === null || this.voice === null) return;
    const { listener, currentTime } = this.context;
    const [x, y, z] = pose.position;
    const [fx, fy, fz] = ahead(pose);
    if ("positionX" in listener) {
      const set = (to: AudioParam, value: number) => to.setTargetAtTime(value, currentTime, ramp_s / 3);
      set(listener.positionX, x);
      set(listener.positionY, y);
      set(listener.positionZ, z);
      set(listener.forwardX, fx);
      set(listener.forwardY, fy);
      set(listener.forwardZ, fz);
    } else { // Firefox
      const older = listener as AudioListener;
      older.setPosition(x, y, z);
      older.setOrientation(fx, fy, fz, 0, 1, 0);
    }
  }

  end(): void {
    this.place = null;
    if (this.voice === null) return;
    for (const node of [this.voice.source, this.voice.plain, this.voice.placed, this.voice.panner]) {
      node.disconnect();
    }
    this.voice = null;
  }

  close(): void {
    this.end();
    void this.context?.close();
    this.context = null;
  }

  private connect(context: AudioContext, media: HTMLMediaElement): Voice {
    const source = context.createMediaElementSource(media);
    const [plain, placed] = [context.createGain(), context.createGain()];
    const [positionX, positionY, positionZ] = this.place!;
    const panner = new PannerNode(context, {
      panningModel: "equalpower", distanceModel: "inverse", refDistance: near_m, rolloffFactor: fading,
      positionX, positionY, positionZ,
    });
    source.connect(plain).connect(context.destination);
    source.connect(placed).connect(panner).connect(context.destination);
    return { source, plain, placed, panner };
  }

  private mix(): void {
    if (this.context === null || this.voice === null) return;
    const { plain, placed } = this.voice;
    const part = this.wanted ? share : 0;
    plain.gain.setTargetAtTime(1 - part, this.context.currentTime, ramp_s / 3);
    placed.gain.setTargetAtTime(part, this.context.currentTime, ramp_s / 3);
  }
}
