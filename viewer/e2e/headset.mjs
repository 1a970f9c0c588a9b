// A headset for tests, written after the WebXR specification as far as a page can tell: two eyes that look
// onto the page's own canvas, a head and one controller that the test moves. Runs in the page.
export function installHeadset() {
  const rotated = ([x, y, z, w], [a, b, c]) => {
    const t = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)];
    return [a + w * t[0] + y * t[2] - z * t[1], b + w * t[1] + z * t[0] - x * t[2], c + w * t[2] + x * t[1] - y * t[0]];
  };
  class Transform {
    constructor(position, [x, y, z, w]) {
      this.at = position;
      this.turn = [x, y, z, w];
      this.position = { x: position[0], y: position[1], z: position[2], w: 1 };
      this.orientation = { x, y, z, w };
    }
    get matrix() {
      const columns = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((axis) => rotated(this.turn, axis));
      return new Float32Array([...columns[0], 0, ...columns[1], 0, ...columns[2], 0, ...this.at, 1]);
    }
    get inverse() {
      const back = [-this.turn[0], -this.turn[1], -this.turn[2], this.turn[3]];
      return new Transform(rotated(back, this.at).map((value) => -value), back);
    }
  }
  const about = (yaw, pitch = 0) => {
    const [cy, sy, cp, sp] = [Math.cos(yaw / 2), Math.sin(yaw / 2), Math.cos(pitch / 2), Math.sin(pitch / 2)];
    return [cy * sp, sy * cp, -sy * sp, cy * cp];
  };
  const test = {
    session: null,
    asked: [],
    supported: ["local", "local-floor"],
    head: { position: [0.2, 1.6, 0.1], yaw: 0 },
    hand: { position: [0.4, 1.2, 0], yaw: 0, pitch: -0.6 },
    source: {
      handedness: "right", targetRayMode: "tracked-pointer", profiles: ["generic-trigger"], hand: null,
      targetRaySpace: { of: "hand" }, gripSpace: null,
      gamepad: { axes: [0, 0, 0, 0], buttons: [], mapping: "xr-standard" },
    },
    press: (kind = "select") => test.session.happens(kind, { inputSource: test.source, frame: test.session.frame() }),
  };
  class Session extends EventTarget {
    visibilityState = "visible";
    renderState = { depthNear: 0.1, depthFar: 1000, baseLayer: null };
    inputSources = [test.source];
    frames = 0;
    happens(kind, more = {}) {
      this.dispatchEvent(Object.assign(new Event(kind), more));
    }
    updateRenderState(state) {
      Object.assign(this.renderState, state);
    }
    async requestReferenceSpace(type) {
      return Object.assign(new EventTarget(), { type });
    }
    frame() {
      // In "local", the head's height is zero at the beginning.
      const tracked = ({ position: [x, y, z], yaw, pitch }, { type }) =>
        new Transform([x, type === "local" ? y - 1.6 : y, z], about(yaw, pitch));
      return {
        session: this,
        getPose: (_, space) => ({ transform: tracked(test.hand, space) }),
        getViewerPose: (space) => {
          const middle = tracked(test.head, space);
          const views = ["left", "right"].map((eye, i) => {
            const aside = rotated(middle.turn, [i === 0 ? -0.032 : 0.032, 0, 0]);
            return {
              eye, transform: new Transform(middle.at.map((value, k) => value + aside[k]), middle.turn),
              projectionMatrix: new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1.0002, -1, 0, 0, -0.04, 0]),
            };
          });
          return { transform: middle, views };
        },
      };
    }
    requestAnimationFrame(call) {
      return window.requestAnimationFrame((time) => {
        this.frames++;
        if (test.session === this) call(time, this.frame());
      });
    }
    cancelAnimationFrame(id) {
      window.cancelAnimationFrame(id);
    }
    async end() {
      test.session = null;
      this.happens("end");
    }
  }
  window.XRWebGLLayer = class {
    framebuffer = null;
    framebufferWidth = 640;
    framebufferHeight = 320;
    getViewport(view) {
      return { x: view.eye === "left" ? 0 : 320, y: 0, width: 320, height: 320 };
    }
  };
  const xr = Object.assign(new EventTarget(), {
    isSessionSupported: async (kind) => kind === "immersive-vr",
    requestSession: async (kind, { requiredFeatures = [] } = {}) => {
      test.asked.push([kind, ...requiredFeatures]);
      if (requiredFeatures.some((feature) => !test.supported.includes(feature))) throw new Error("not here");
      test.session = new Session();
      return test.session;
    },
  });
  Object.defineProperty(Navigator.prototype, "xr", { configurable: true, get: () => xr });
  window.headset = test;
}
