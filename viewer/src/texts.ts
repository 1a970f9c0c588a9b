// The page's own few sentences. Everything else a visitor reads is the keeper's.

const en = {
  language: "en",
  step_in: "Step in",
  not_now: "Not now",
  step_back_in: "Step back in",
  leave: "Leave",
  before_you_step_in: "Before you step in",
  not_now_said: "That is all right. The room stays as it is, and you can come another time.",
  visit_over: "You have left the room.",
  estimated_scale: "The size of this room is an estimate.",
  estimated_up: "Which way is up in this room is an estimate.",
  estimated_doorway: "The place where you will stand first is an estimate.",
  loading: "The room is being fetched",
  loading_percent: (percent: number) => `${percent} %`,
  things: "Things in the room",
  stories: "About the room",
  no_things: "Nothing has been described here yet.",
  close: "Close",
  go_there: "Go there",
  go_there_to: (name: string) => `Go to ${name}`,
  you_are_at: (name: string) => `You are now by ${name}.`,
  you_are_inside: "You are in the room.",
  told_by: (speaker: string) => `Told by ${speaker}`,
  sound_of: (title: string) => `Recording: ${title}`,
  read_along: (label: string) => `Read the recording (${label})`,
  captions_missing: "These words could not be fetched.",
  sound_missing: "This recording could not be played here.",
  room_label: "The room",
  room_help:
    "Drag to look around, or use the arrow keys. Walk with W, A, S and D. With two fingers you " +
    "can walk by dragging.",
  moving: "Moving about",
  forward: "Walk forward",
  back: "Walk back",
  left: "Step left",
  right: "Step right",
  look_left: "Look left",
  look_right: "Look right",
  look_up: "Look up",
  look_down: "Look down",
  visit_missing: "The words of this room could not be fetched. Please try again later.",
  visit_wrong: "Something in this room's description is not as it should be:",
  no_webgl:
    "This browser cannot draw the room here (it needs WebGL 2). The words of the room are below.",
  context_lost:
    "The browser has let go of the picture of the room. You can step in again; nothing is lost.",
  room_missing: "The room could not be fetched. The words of the room are below.",
  room_wrong: "The room's files could not be read. The words of the room are below.",
  try_again: "Try again",
};

export type Texts = typeof en;

const es: Texts = {
  language: "es",
  step_in: "Entrar",
  not_now: "Ahora no",
  step_back_in: "Volver a entrar",
  leave: "Salir",
  before_you_step_in: "Antes de entrar",
  not_now_said: "Está bien. La habitación sigue como está, y puede venir en otro momento.",
  visit_over: "Ha salido de la habitación.",
  estimated_scale: "El tamaño de esta habitación es una estimación.",
  estimated_up: "Hacia dónde queda arriba en esta habitación es una estimación.",
  estimated_doorway: "El lugar donde estará al entrar es una estimación.",
  loading: "La habitación se está cargando",
  loading_percent: (percent) => `${percent} %`,
  things: "Cosas de la habitación",
  stories: "Sobre la habitación",
  no_things: "Aquí todavía no se ha descrito nada.",
  close: "Cerrar",
  go_there: "Ir allí",
  go_there_to: (name) => `Ir allí: ${name}`,
  you_are_at: (name) => `Ahora está junto a: ${name}.`,
  you_are_inside: "Está en la habitación.",
  told_by: (speaker) => `Lo cuenta ${speaker}`,
  sound_of: (title) => `Grabación: ${title}`,
  read_along: (label) => `Leer la grabación (${label})`,
  captions_missing: "No se han podido cargar estas palabras.",
  sound_missing: "Esta grabación no se puede reproducir aquí.",
  room_label: "La habitación",
  room_help:
    "Arrastre para mirar alrededor, o use las flechas. Camine con W, A, S y D. Con dos dedos " +
    "puede caminar arrastrando.",
  moving: "Moverse",
  forward: "Caminar hacia delante",
  back: "Caminar hacia atrás",
  left: "Paso a la izquierda",
  right: "Paso a la derecha",
  look_left: "Mirar a la izquierda",
  look_right: "Mirar a la derecha",
  look_up: "Mirar hacia arriba",
  look_down: "Mirar hacia abajo",
  visit_missing: "No se han podido cargar las palabras de esta habitación. Pruebe más tarde.",
  visit_wrong: "Algo en la descripción de esta habitación no está como debería:",
  no_webgl:
    "Este navegador no puede dibujar aquí la habitación (hace falta WebGL 2). Las palabras de " +
    "la habitación están más abajo.",
  context_lost:
    "El navegador ha soltado la imagen de la habitación. Puede volver a entrar; no se ha " +
    "perdido nada.",
  room_missing: "No se ha podido cargar la habitación. Sus palabras están más abajo.",
  room_wrong: "No se han podido leer los archivos de la habitación. Sus palabras están más abajo.",
  try_again: "Probar otra vez",
};

// The catalogue for a language tag; English where there is none.
export function textsFor(language: string): Texts {
  return language.toLowerCase().split("-")[0] === "es" ? es : en;
}
