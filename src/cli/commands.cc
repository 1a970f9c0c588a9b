#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/parallel.h"
#include "cli/duration.h"
#include "cli/internal/check_command.h"
#include "cli/internal/telling.h"
#include "cli/internal/verb.h"
#include "cli/pointing.h"
#include "room/build.h"
#include "room/verbs.h"

namespace ajar::cli {
namespace {

constexpr const char* kWhatItIs = "Ajar makes a room you can stand in from photographs of it.";
constexpr const char* kDefaultExampleRoom = "example-room";
constexpr double kExampleTime_s = 240;

void AddTime(CLI::App* verb, double* time_s) {
  verb->add_option_function<std::string>(
          "--time",
          [time_s](const std::string& text) {
            const std::optional<double> seconds = ParseDuration(text);
            if (!seconds) {
              Fail(ErrorCode::kUsage, "\"" + text + "\" is not a duration.", "--time",
                   "Write it as 5m, 90s or 1h30m.");
            }
            *time_s = *seconds;
          },
          "Time for training, as 5m, 90s or 1h30m; " + DurationInWords(*time_s) + " if not given")
      ->type_name("DURATION");
}

void ShowSummary(const room::BuildSummary& summary, Screen* screen) {
  if (screen->mode() == ScreenMode::kJson) {
    Json held_out;
    if (summary.held_out) {
      held_out = {{"psnr_db", summary.held_out->psnr_db}, {"ssim", summary.held_out->ssim}};
    }
    screen->SayJson(Text({{"type", "done"},
                          {"photographs", summary.photos},
                          {"left_out", summary.left_out},
                          {"placed", summary.placed},
                          {"splats", summary.splats},
                          {"held_out", std::move(held_out)},
                          {"notes", summary.notes}}));
    return;
  }
  screen->EndLine();
  for (const std::string& note : summary.notes) screen->Say(note);
  std::string line = std::to_string(summary.placed) + " of " + std::to_string(summary.photos) +
                     " photographs placed";
  if (summary.splats > 0) line += ", " + std::to_string(summary.splats) + " splats";
  if (summary.held_out) {
    char figures[80];
    std::snprintf(figures, sizeof(figures), ", %.2f dB on the photographs held out",
                  summary.held_out->psnr_db);
    line += figures;
  }
  screen->Say(line + ".");
}

// Whether a flag was given that says how to train.
bool AsksForTraining(const CLI::App& verb, room::BuildOptions* options) {
  std::vector<std::string> flags = {"--time", "--hold-out", "--schedule"};
  for (const OptionField& field : room::Fields(*options)) flags.push_back("--" + field.name);
  return std::any_of(flags.begin(), flags.end(),
                     [&](const std::string& flag) { return verb.count(flag) > 0; });
}

// Flags by which a person says how large the room is and which way is up.
void AddMeasured(CLI::App* verb, room::Measured* measured, bool* forget_up, bool* forget_lengths) {
  const bool may_forget = forget_up != nullptr;
  verb->add_option_function<std::vector<std::string>>(
          "--length",
          [=](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              if (may_forget && text == "estimate") {
                *forget_lengths = true;
              } else {
                measured->lengths.push_back(ParseLength(text, "--length"));
              }
            }
          },
          std::string("How long something is: PHOTO:x1,y1:x2,y2=2.03m, pixels of the photograph; "
                      "may be given several times") +
              (may_forget ? "; \"estimate\": forget what was given" : ""))
      ->type_name("LENGTH")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option_function<std::string>(
          "--up",
          [=](const std::string& text) {
            if (may_forget && text == "estimate") {
              *forget_up = true;
            } else {
              measured->up = ParseUp(text, "--up");
            }
          },
          std::string("Which way is up: PHOTO:x1,y1:x2,y2, the second right above the first, or "
                      "X,Y,Z in the frame of the poses") +
              (may_forget ? "; \"estimate\": forget what was given" : ""))
      ->type_name("UP");
  verb->add_option_function<std::string>(
          "--markers",
          [=](const std::string& text) {
            const auto side = ParseMetres(text);
            if (!side || *side > 1) {
              Fail(ErrorCode::kUsage, "\"" + text + "\" is not the side of a marker.", "--markers",
                   "Write how wide its black square is, as 70mm.");
            }
            measured->marker_m = *side;
          },
          "The photographs show printed markers (ajar markers) whose black squares are so wide")
      ->type_name("SIDE");
  verb->add_flag("--poses-in-metres", measured->poses_in_metres,
                 "The poses given by --poses are in metres");
}

void AddBuild(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::BuildOptions>();
  auto profile = std::make_shared<bool>(false);
  auto paths = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* verb = AddVerb(
      app, shell, "build",
      "Make a room from photographs. Stopped at any moment, the same command goes on from there.",
      "ajar build ~/photos -o my-room --time 8m");
  verb->add_option(
      "photographs", options->inputs,
      "Photographs, folders of them, or videos; none: those that the room has, and what "
      "was made of them is kept unless other options ask for more");
  verb->add_option("-o,--output", options->room, "The room's folder")->required();
  verb->add_option("--poses", paths->first,
                   "Poses made elsewhere: a COLMAP model or a transforms.json");
  AddMeasured(verb, &options->measured, nullptr, nullptr);
  verb->add_option("--depth", options->depth,
                   "A folder of depth maps for the scale: grey PNG of 16 bits, named as their "
                   "photographs, 0 where unknown")
      ->type_name("FOLDER");
  AddChoice(verb, "--depth-unit", &options->depth_unit_m, {{"mm", 0.001}, {"cm", 0.01}, {"m", 1.0}},
            "What a 1 in a depth map stands for: mm if not said, cm or m");
  AddTime(verb, &options->train.time_s);
  AddFlags(verb, room::Fields(*options));
  verb->add_option("--hold-out", options->hold_out,
                   "Photographs to keep out of training and compare with: every Nth, or names "
                   "parted by commas")
      ->type_name("N|NAMES");
  verb->add_option("--schedule", paths->second,
                   "A report.json whose schedule is repeated instead of watching the clock");
  verb->add_flag("--profile", *profile, "Say at the end where the time went");
  AddChoice(verb, "--until", &options->until,
            {{"poses", room::Until::kPoses},
             {"splats", room::Until::kSplats},
             {"site", room::Until::kSite}},
            "Where to stop: poses, splats or site");
  verb->callback([=] {
    shell->run = [=] {
      if (!paths->first.empty()) options->poses = paths->first;
      if (!paths->second.empty()) options->schedule = paths->second;
      options->keep_poses = options->inputs.empty() && !options->poses;
      options->keep_splats = !AsksForTraining(*verb, options.get());
      const room::BuildSummary summary = room::Build(*options, shell->MakeProgress());
      ShowSummary(summary, shell->screen);
      if (*profile && !shell->json) shell->screen->Say(room::Profile(options->room));
      if (options->until == room::Until::kSite && !shell->json && !shell->quiet) {
        shell->screen->Say("Look at it with: ajar view " + options->room.string());
      }
    };
  });
}

void RunView(const room::ViewOptions& options, const Shell& shell) {
  room::View(options, shell.MakeProgress(), [&](const std::string& url) {
    if (shell.json) {
      shell.screen->SayJson(Text({{"type", "ready"}, {"url", url}}));
    } else {
      shell.screen->Say("The room is open at " + url + "\nPress Ctrl-C to close it.");
    }
  });
}

void AddView(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::ViewOptions>();
  auto no_open = std::make_shared<bool>(false);
  CLI::App* verb =
      AddVerb(app, shell, "view", "Open the page of a room, or of several in a folder, for nobody else.",
              "ajar view my-room");
  verb->add_option("room", options->room, "The room's folder")->required();
  verb->add_option("--port", options->port, "Port to listen on; a free one if not given")
      ->type_name("N")
      ->check(CLI::Range(0, 65535).description(""));
  verb->add_flag("--no-open", *no_open, "Print the link and open no browser");
  verb->callback([=] {
    shell->run = [=] {
      options->open = !*no_open;
      RunView(*options, *shell);
    };
  });
}

void AddEdit(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::ViewOptions>();
  auto no_open = std::make_shared<bool>(false);
  CLI::App* verb = AddVerb(app, shell, "edit",
                           "Open the keeper's page of a room, to tell what is in it; for nobody else.",
                           "ajar edit my-room");
  verb->add_option("room", options->room, "The room's folder")->required();
  verb->add_option("--port", options->port, "Port to listen on; a free one if not given")
      ->type_name("N")
      ->check(CLI::Range(0, 65535).description(""));
  verb->add_flag("--no-open", *no_open, "Print the link and open no browser");
  verb->callback([=] {
    shell->run = [=] {
      options->open = !*no_open;
      room::Edit(*options, shell->MakeProgress(), [&](const std::string& url) {
        if (shell->json) {
          shell->screen->SayJson(Text({{"type", "ready"}, {"url", url}}));
        } else {
          shell->screen->Say("The room can be told at " + url + "\nPress Ctrl-C to close it.");
        }
      });
    };
  });
}

void AddDemo(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::BuildOptions>();
  auto no_open = std::make_shared<bool>(false);
  options->room = kDefaultExampleRoom;
  options->train.time_s = kExampleTime_s;
  CLI::App* verb =
      AddVerb(app, shell, "demo", "Build the example room and open it.", "ajar demo --time 5m");
  verb->add_option("-o,--output", options->room, "The room's folder")->capture_default_str();
  AddTime(verb, &options->train.time_s);
  AddFlags(verb, room::Fields(*options));
  verb->add_flag("--no-open", *no_open, "Build it and do not open it");
  verb->callback([=] {
    shell->run = [=] {
      const room::Example example = room::GetExample();
      options->inputs = {example.photos};
      options->words = example.words;
      ShowSummary(room::Build(*options, shell->MakeProgress()), shell->screen);
      if (!shell->json && !shell->quiet) {
        const std::string folder = options->room.string();
        shell->screen->Say("The example room is in " + folder + ". Its words are in " + folder +
                           "/room.json: change them and run\n"
                           "  ajar build -o " +
                           folder +
                           "\nThen make a room of your own:\n"
                           "  ajar build YOUR-PHOTOGRAPHS -o my-room");
      }
      if (!*no_open) RunView({options->room, 0, true}, *shell);
    };
  });
}

void AddRender(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::RenderOptions>();
  auto cameras = std::make_shared<std::string>();
  CLI::App* verb =
      AddVerb(app, shell, "render",
              "Draw views of a room as PNG: as photographs saw it, or from any cameras.",
              "ajar render my-room --photos IMG_0007.jpg,IMG_0012.jpg -o views");
  verb->add_option("room", options->room, "The room's folder")->required();
  verb->add_option_function<std::string>(
          "--photos",
          [options](const std::string& names) {
            options->photos = CLI::detail::split(names, ',');
            for (std::string& name : options->photos) CLI::detail::trim(name);
          },
          "Names of photographs, parted by commas")
      ->type_name("NAMES");
  verb->add_option("--cameras", *cameras,
                   "A transforms.json; its matrices are in the frame of the room's poses");
  verb->add_option("--long-side", options->long_side_px,
                   "Longer side of the photographs' views, in pixels; 0: as in training")
      ->type_name("N")
      ->check(CLI::Range(0, 8192).description(""));
  verb->add_flag("--as-shown", options->as_shown,
                 "As its page shows it: where no photograph looked, a plain ceiling goes on and "
                 "all else fades");
  verb->add_flag("--depth", options->depth,
                 "Also write how far away what is seen is, as NAME.depth.png: 16 bit, in "
                 "millimetres along the view axis; as true as the room's scale");
  verb->add_option("-o,--output", options->output, "Folder for the pictures")->required();
  verb->callback([=] {
    shell->run = [=] {
      if (!cameras->empty()) options->cameras = *cameras;
      const std::vector<Path> written = room::Render(*options, shell->MakeProgress());
      for (const Path& path : written) {
        if (shell->json) {
          shell->screen->SayJson(Text({{"type", "written"}, {"path", path.string()}}));
        } else if (!shell->quiet) {
          shell->screen->Say(path.string());
        }
      }
    };
  });
}

void AddPlace(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::PlaceOptions>();
  CLI::App* verb =
      AddVerb(app, shell, "place",
              "Correct how large a room is, which way is up or where a visitor steps in. Only its "
              "page is made anew.",
              "ajar place my-room --length IMG_0007.jpg:812,440:835,1210=2.03m");
  verb->add_option("room", options->room, "The room's folder")->required();
  AddMeasured(verb, &options->measured, &options->forget_up, &options->forget_lengths);
  verb->add_option_function<std::string>(
          "--doorway",
          [options](const std::string& text) {
            if (text == "estimate") {
              options->forget_doorway = true;
            } else {
              options->doorway = ParseDoorway(text, "--doorway");
            }
          },
          "Where a visitor stands first: a photograph's name, or X,Y,Z:X,Y,Z in metres of the room "
          "(the eyes, and a point to look at); \"estimate\": forget what was given")
      ->type_name("DOORWAY");
  verb->callback([=] {
    shell->run = [=] {
      if (verb->count("--up") + verb->count("--length") + verb->count("--doorway") +
              verb->count("--markers") + verb->count("--poses-in-metres") == 0) {
        Fail(ErrorCode::kUsage, "Nothing to correct was said.", {},
             "Say --length, --markers, --poses-in-metres, --up or --doorway.");
      }
      ShowSummary(room::Correct(*options, shell->MakeProgress()), shell->screen);
    };
  });
}

void AddMarkers(CLI::App* app, Shell* shell) {
  auto side = std::make_shared<std::string>("70mm");
  auto output = std::make_shared<Path>();
  CLI::App* verb = AddVerb(app, shell, "markers",
                           "Write a page of markers to print: photographed with the room, they tell "
                           "how large it is.",
                           "ajar markers -o markers.svg");
  verb->add_option("--size", *side, "How wide a marker's black square is, from 2 cm to 15 cm")
      ->type_name("SIDE")
      ->capture_default_str();
  verb->add_option("-o,--output", *output, "File to write, as SVG")->required();
  verb->callback([=] {
    shell->run = [=] {
      const auto side_m = ParseMetres(*side);
      if (!side_m || *side_m < 0.02 || *side_m > 0.15) {
        Fail(ErrorCode::kUsage, "\"" + *side + "\" is not the side of a marker that fits the page.",
             "--size", "Write it as 70mm; from 2 cm to 15 cm.");
      }
      room::WriteMarkerPage(*side_m, *output);
      if (shell->json) {
        shell->screen->SayJson(Text({{"type", "written"}, {"path", output->string()}}));
      } else if (!shell->quiet) {
        shell->screen->Say(output->string());
      }
    };
  });
}

void AddMeasure(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::MeasureOptions>();
  auto ends = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* verb = AddVerb(app, shell, "measure",
                           "Say how far two places of a room are from one another.",
                           "ajar measure my-room --from IMG_0007.jpg:812,440 --to IMG_0012.jpg:90,615");
  verb->add_option("room", options->room, "The room's folder")->required();
  verb->add_option("--from", ends->first, "One end: PHOTO:x,y, pixels of the photograph")
      ->type_name("PLACE")
      ->required();
  verb->add_option("--to", ends->second, "The other end, in the same or another photograph")
      ->type_name("PLACE")
      ->required();
  verb->callback([=] {
    shell->run = [=] {
      options->from = ParsePixel(ends->first, "--from");
      options->to = ParsePixel(ends->second, "--to");
      const room::Length length = room::Measure(*options);
      if (shell->json) {
        shell->screen->SayJson(Text({{"type", "length"},
                                     {"metres", length.metres},
                                     {"deviation_metres", length.deviation_m},
                                     {"scale_estimated", length.scale_estimated},
                                     {"scale_from", length.scale_from}}));
        return;
      }
      std::string words = LengthInWords(length.metres, length.deviation_m);
      if (length.scale_estimated) words += ", by an estimated scale";
      shell->screen->Say(words + ".");
    };
  });
}

void AddInfo(CLI::App* app, Shell* shell) {
  auto room = std::make_shared<Path>();
  CLI::App* verb = AddVerb(app, shell, "info", "Say what is known of a room.", "ajar info my-room");
  verb->add_option("room", *room, "The room's folder")->required();
  verb->callback([=] {
    shell->run = [=] {
      std::string text = room::Info(*room, shell->json);
      text.pop_back();  // its last newline
      shell->screen->Say(text);
    };
  });
}

void AddExport(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::ExportOptions>();
  CLI::App* verb = AddVerb(app, shell, "export", "Write a room for other programs.",
                           "ajar export my-room --format ply -o my-room.ply");
  verb->add_option("room", options->room, "The room's folder")->required();
  AddChoice(verb, "--format", &options->format,
            {{"ply", room::ExportFormat::kPly},
             {"sog", room::ExportFormat::kSog},
             {"colmap", room::ExportFormat::kColmap}},
            "ply or sog: the splats; colmap: the cameras")
      ->required();
  AddChoice(verb, "--frame", &options->reconstruction_frame,
            {{"room", false}, {"reconstruction", true}},
            "room: metres, y up, the floor at 0 (if not given); reconstruction: as the poses are");
  verb->add_option("-o,--output", options->output, "File to write; a folder for colmap")
      ->required();
  verb->callback([=] {
    shell->run = [=] {
      room::Export(*options, shell->MakeProgress());
      if (shell->json) {
        shell->screen->SayJson(Text({{"type", "written"}, {"path", options->output.string()}}));
      } else if (!shell->quiet) {
        shell->screen->Say(options->output.string());
      }
    };
  });
}

// Plain words in place of the parser's own.
[[noreturn]] void FailUsage(const CLI::App& app, const CLI::ParseError& error) {
  std::string verb;
  for (const CLI::App* chosen : app.get_subcommands()) verb = chosen->get_name() + " ";
  std::string message = error.what();
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) && verb.empty()) {
    message = "What is to be done? Say one of: check, build, view, edit, thing, story, tour, demo, render, place, measure, markers, info, export";
  } else if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ConversionError)) {
    constexpr std::string_view kBegin = "Could not convert: ";
    if (message.starts_with(kBegin)) message.erase(0, kBegin.size());
    message += " is not a number as this option takes it";
  }
  if (!message.empty() && message.back() != '.') message += ".";
  Fail(ErrorCode::kUsage, message, {}, "See: ajar " + verb + "--help");
}

}  // namespace

int RunCommandLine(int argc, const char* const* argv, const std::atomic<bool>* cancelled,
                   Screen* screen) {
  Shell shell;
  shell.cancelled = cancelled;
  shell.screen = screen;
  CLI::App app(kWhatItIs, "ajar");
  app.set_version_flag("--version", "ajar " AJAR_VERSION);
  app.footer("Every verb has its own help: ajar build --help");
  app.require_subcommand(1);
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  
  app.get_formatter()->label("TEXT", "PATH");
  app.get_formatter()->label("REQUIRED", "(needed)");
  app.set_help_flag("-h,--help", "Say this");
  AddCheck(&app, &shell);
  AddBuild(&app, &shell);
  AddView(&app, &shell);
  AddEdit(&app, &shell);
  AddTelling(&app, &shell);
  AddDemo(&app, &shell);
  AddRender(&app, &shell);
  AddPlace(&app, &shell);
  AddMeasure(&app, &shell);
  AddMarkers(&app, &shell);
  AddInfo(&app, &shell);
  AddExport(&app, &shell);
  // An error in the command line is told as JSON, too, where that was asked for.
  const bool asks_for_json = std::any_of(
      argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
  *screen = Screen(ChooseMode(asks_for_json, false));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      return app.exit(error);  // --help and --version
    }
    FailUsage(app, error);
  }
  *screen = Screen(ChooseMode(shell.json, shell.quiet));
  if (shell.verbose) SetLogLevel(LogLevel::kDebug);
  if (shell.threads > 0) SetThreadCount(shell.threads);
  shell.run();
  return shell.code;
}

}  // namespace ajar::cli
