// A recording with the computer's microphone, kept as it is recorded: nothing is filtered out of a voice.

export type Hindrance = "refused" | "none";

export class NoMicrophone extends Error {
  constructor(readonly why: Hindrance) {
    super(why);
  }
}

const wanted: readonly (readonly [string, string])[] = [
  ["audio/webm;codecs=opus", "webm"], ["audio/ogg;codecs=opus", "ogg"], ["audio/mp4", "m4a"],
];
const bits_per_second = 160000;
const piece_ms = 1000;

export interface Recorded {
  readonly bytes: Blob;
  readonly ending: string; // of a file's name
}

export class Microphone {
  private readonly pieces: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly ending: string;
  private readonly hearing = new AudioContext();
  private readonly analyser = this.hearing.createAnalyser();
  private readonly waves = new Float32Array(this.analyser.fftSize);
  // Nothing more is recorded: by finish(), by drop(), or because the microphone is gone.
  readonly ended: Promise<void>;
  private before_ms = 0;
  private since: number | null = null;

  // Asks whoever is at the computer. Errors: NoMicrophone.
  static async open(): Promise<Microphone> {
    if (!navigator.mediaDevices || typeof MediaRecorder === "undefined") throw new NoMicrophone("none");
    try {
      return new Microphone(await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      }));
    } catch (error) {
      const refused = error instanceof DOMException && error.name === "NotAllowedError";
      throw new NoMicrophone(refused ? "refused" : "none");
    }
  }

  private constructor(private readonly stream: MediaStream) {
    const [type, ending] = wanted.find(([each]) => MediaRecorder.isTypeSupported(each)) ?? ["", "webm"];
    this.ending = ending;
    this.recorder = new MediaRecorder(stream, {
      ...(type === "" ? {} : { mimeType: type }), audioBitsPerSecond: bits_per_second,
    });
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size > 0) this.pieces.push(data);
    });
    this.ended = new Promise((resolve) =>
      this.recorder.addEventListener("stop", () => resolve(), { once: true }));
    this.hearing.createMediaStreamSource(stream).connect(this.analyser);
  }

  start(): void {
    this.recorder.start(piece_ms);
    this.since = performance.now();
  }

  pause(): void {
    if (this.recorder.state === "inactive") return;
    this.before_ms = this.seconds * 1000;
    this.since = null;
    this.recorder.pause();
  }

  goOn(): void {
    if (this.recorder.state === "inactive") return;
    this.recorder.resume();
    this.since = performance.now();
  }

  get paused(): boolean {
    return this.since === null;
  }

  get seconds(): number {
    return (this.before_ms + (this.since === null ? 0 : performance.now() - this.since)) / 1000;
  }

  // How loud it is now, in dB below the loudest there is.
  get level_dB(): number {
    this.analyser.getFloatTimeDomainData(this.waves);
    const power = this.waves.reduce((sum, value) => sum + value * value, 0) / this.waves.length;
    return 10 * Math.log10(Math.max(power, 1e-10));
  }

  async finish(): Promise<Recorded> {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.ended;
    this.letGo();
    return { bytes: new Blob(this.pieces, { type: this.recorder.mimeType }), ending: this.ending };
  }

  drop(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.letGo();
  }

  private letGo(): void {
    for (const track of this.stream.getTracks()) track.stop();
    void this.hearing.close();
  }
}
