// The page's own few sentences. Everything else a visitor reads is the keeper's.

// Small numbers in words: nothing here is a score.
const en_numbers =
  ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const es_numbers =
  ["ninguna", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"];
const amount = (words: readonly string[], count: number) => words[count] ?? String(count);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const en = {
  language: "en",
  languages: "Language",
  step_in: "Step in",
  read_instead: "Read instead",
  not_now: "Not now",
  own_window: "Open by itself",
  holds: (things: number, stories: number, heard: number) => [
    things === 0 ? "A room to look around in."
      : `A room to look around in, with ${amount(en_numbers, things)} ${things === 1 ? "thing" : "things"} to come close to.`,
    stories === 0 ? null
      : `${capital(amount(en_numbers, stories))} ${stories === 1 ? "story is" : "stories are"} told` +
        (heard === 0 ? "." : `, ${amount(en_numbers, heard)} of them to hear if you like.`),
  ].filter((sentence) => sentence !== null).join(" "),
  takes: (minutes: number) => `It takes about ${amount(en_numbers, minutes)} minutes, or as long as you like.`,
  linked: "The link you followed leads to a place in this room. You will stand there.",
  support: "Where to find support",
  step_back_in: "Step back in",
  leave: "Leave",
  pause: "Pause",
  paused: "The room waits. Stay here as long as you like.",
  go_on: "Go back into the room",
  full_screen: "Fill the screen",
  not_full_screen: "Leave the full screen",
  before_you_step_in: "Before you step in",
  not_now_said: "That is all right. The room stays as it is, and you can come another time.",
  visit_over: "You have left the room.",
  estimated_scale: "The size of this room is an estimate.",
  estimated_up: "Which way is up in this room is an estimate.",
  estimated_doorway: "The place where you will stand first is an estimate.",
  loading: "The room is being fetched",
  things: "Things in the room",
  open_things: "Things",
  stories: "About the room",
  no_things: "Nothing has been described here yet.",
  photographs: "Photographs",
  photographs_say: "Each was taken in this room. You are led to where, and then see it in full.",
  photograph: (number: number) => `Photograph ${number}`,
  photograph_near: "Photograph taken near it",
  photograph_near_to: (name: string) => `Photograph taken near it: ${name}`,
  photograph_missing: "This photograph could not be fetched.",
  closer: "Closer",
  farther: "Farther",
  step_back: "Step back",
  close: "Close",
  where_you_are: "Where you are",
  open_plan: "Plan",
  plan_label: "Plan of the room with you in it",
  stand_here: "Stand here",
  spot_doorway: "In the doorway",
  spot_near: (name: string) => `Near: ${name}`,
  spot_number: (number: number) => `Another place (${number})`,
  spot_chosen: "The place you chose",
  you_stand: (name: string) => `You are now here: ${name}.`,
  how_you_stand: "Your eyes",
  eyes: { standing: "Standing", seated: "Sitting", child: "As a child" },
  go_there: "Go there",
  go_there_to: (name: string) => `Go there: ${name}`,
  you_are_at: (name: string) => `You are now by ${name}.`,
  you_are_inside: "You are in the room.",
  told_by: (speaker: string) => `Told by ${speaker}`,
  sound_of: (title: string) => `Recording: ${title}`,
  read_along: (label: string) => `Read the recording (${label})`,
  captions_missing: "These words could not be fetched.",
  sound_missing: "This recording could not be played here.",
  room_label: "The room",
  keys_help: "Drag to look around, or use the arrow keys. Walk with W, A, S and D, or click on the floor.",
  touch_help: "Drag to look around. Walk with the round pad, the buttons, or by touching the floor.",
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
  room_partly: "Not all of the room could be fetched. It stays a little coarse.",
  try_again: "Try again",
};

export type Texts = typeof en;

const es: Texts = {
  language: "es",
  languages: "Idioma",
  step_in: "Entrar",
  read_instead: "Leer en vez de entrar",
  not_now: "Ahora no",
  own_window: "Abrir aparte",
  holds: (things, stories, heard) => [
    things === 0 ? "Una habitación en la que mirar alrededor."
      : "Una habitación en la que mirar alrededor, con " +
        `${amount(es_numbers, things)} ${things === 1 ? "cosa a la que" : "cosas a las que"} acercarse.`,
    stories === 0 ? null
      : `Se ${stories === 1 ? "cuenta" : "cuentan"} ${amount(es_numbers, stories)} ` +
        (stories === 1 ? "historia" : "historias") +
        (heard === 0 ? "." : `, ${amount(es_numbers, heard)} de ellas para oír si lo desea.`),
  ].filter((sentence) => sentence !== null).join(" "),
  takes: (minutes) => `Dura unos ${amount(es_numbers, minutes)} minutos, o el tiempo que quiera.`,
  linked: "El enlace que ha seguido lleva a un lugar de esta habitación. Estará allí.",
  support: "Dónde encontrar apoyo",
  step_back_in: "Volver a entrar",
  leave: "Salir",
  pause: "Pausa",
  paused: "La habitación espera. Quédese aquí cuanto quiera.",
  go_on: "Volver a la habitación",
  full_screen: "Llenar la pantalla",
  not_full_screen: "Dejar la pantalla completa",
  before_you_step_in: "Antes de entrar",
  not_now_said: "Está bien. La habitación sigue como está, y puede venir en otro momento.",
  visit_over: "Ha salido de la habitación.",
  estimated_scale: "El tamaño de esta habitación es una estimación.",
  estimated_up: "Hacia dónde queda arriba en esta habitación es una estimación.",
  estimated_doorway: "El lugar donde estará al entrar es una estimación.",
  loading: "La habitación se está cargando",
  things: "Cosas de la habitación",
  open_things: "Cosas",
  stories: "Sobre la habitación",
  no_things: "Aquí todavía no se ha descrito nada.",
  photographs: "Fotografías",
  photographs_say: "Cada una se tomó en esta habitación. Irá a ese lugar y después la verá entera.",
  photograph: (number) => `Fotografía ${number}`,
  photograph_near: "Fotografía tomada cerca",
  photograph_near_to: (name) => `Fotografía tomada cerca: ${name}`,
  photograph_missing: "No se ha podido cargar esta fotografía.",
  closer: "Más cerca",
  farther: "Más lejos",
  step_back: "Volver atrás",
  close: "Cerrar",
  where_you_are: "Dónde está",
  open_plan: "Plano",
  plan_label: "Plano de la habitación, con usted en él",
  stand_here: "Ponerse aquí",
  spot_doorway: "En la puerta",
  spot_near: (name) => `Cerca de: ${name}`,
  spot_number: (number) => `Otro lugar (${number})`,
  spot_chosen: "El lugar que ha elegido",
  you_stand: (name) => `Ahora está aquí: ${name}.`,
  how_you_stand: "Sus ojos",
  eyes: { standing: "De pie", seated: "Sentado", child: "Como un niño" },
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
  keys_help: "Arrastre para mirar alrededor, o use las flechas. Camine con W, A, S y D, o haga clic en el suelo.",
  touch_help: "Arrastre para mirar alrededor. Camine con el círculo, los botones, o tocando el suelo.",
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
  room_partly: "No se ha podido cargar toda la habitación. Se verá con menos detalle.",
  try_again: "Probar otra vez",
};

// The catalogue for a language tag; English where there is none.
export function textsFor(language: string): Texts {
  return language.toLowerCase().split("-")[0] === "es" ? es : en;
}

// Which way a language is written: "ltr" or "rtl".
export function directionOf(language: string): "ltr" | "rtl" {
  const { script } = new Intl.Locale(language).maximize();
  return ["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"].includes(script ?? "") ? "rtl" : "ltr";
}
