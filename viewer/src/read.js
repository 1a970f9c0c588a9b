// One voice at a time on the page to read, which is whole without this.
document.addEventListener("play", (event) => {
  for (const media of document.querySelectorAll("audio, video")) {
    if (media !== event.target) media.pause();
  }
}, true);
