// The program: signals, and the one place where errors of the world end.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <new>
#include <string>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/screen.h"

namespace {

std::atomic<bool> cancelled = false;

// The first signal asks for a stop at the next safe place, the second one ends the program: all
// that was committed stays, and the next run goes on from there.
void OnSignal(int) {
  if (cancelled.exchange(true)) ::_exit(static_cast<int>(ajar::ErrorCode::kCancelled));
}

void OnHarmlessSignal(int) {}

void SetUpSignals() {
  struct sigaction action {};
  action.sa_flags = SA_RESTART;
  action.sa_handler = &OnSignal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // These come back as errors of the call that met them. They are handled rather than ignored
  // since programs that we start would inherit that.
  action.sa_handler = &OnHarmlessSignal;
  ::sigaction(SIGPIPE, &action, nullptr);
  ::sigaction(SIGXFSZ, &action, nullptr);
}

ajar::Error FromFilesystem(const std::filesystem::filesystem_error& error) {
  try {
    ajar::FailErrno(error.code().value(), "work with the file", error.path1().string());
  } catch (const ajar::Error& plain) {
    return plain;
  }
}

int Report(ajar::cli::Screen& screen, const ajar::Error& error) {
  screen.ShowError(error);
  return static_cast<int>(error.code());
}

}  // namespace

int main(int argc, char** argv) {
  SetUpSignals();
  ajar::cli::Screen screen(ajar::cli::ScreenMode::kPlain);
  try {
    return ajar::cli::RunCommandLine(argc, argv, &cancelled, &screen);
  } catch (const ajar::Error& error) {
    return Report(screen, error);
  } catch (const std::filesystem::filesystem_error& error) {
    return Report(screen, FromFilesystem(error));
  } catch (const std::bad_alloc&) {
    return Report(screen, {ajar::ErrorCode::kMemory,
                           "There is not enough memory.",
                           {},
                           "Close other programs, or choose a smaller --long-side or --splats."});
  } catch (const std::exception& error) {
    return Report(screen, {ajar::ErrorCode::kInput,
                           std::string("Something in the room's files is not as it should be (") +
                               error.what() + ").",
                           {},
                           "If ledger.json was changed or damaged, delete it; what it vouches for "
                           "is then made again."});
  }
}
