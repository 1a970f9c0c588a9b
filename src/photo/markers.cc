#include "photo/markers.h"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace ajar::photo {
namespace {

using Eigen::Vector2d;
using Quad = std::array<Vector2d, 4>;

constexpr int kCells = 7, kInner = 5;
constexpr std::array<int, 4> kWords = {0b10000, 0b10111, 0b01001, 0b01110};
constexpr double kLeastSide_px = 20;
constexpr int kDarker = 7;        // than the mean about it, of 255
constexpr int kFirstId = 500;     // the first ones are hardly more than black
constexpr double kLeastContrast = 40;
constexpr double kProfile_px = 3;  // either way of a side, where its edge is looked for

struct Grey {
  int width = 0, height = 0;
  std::vector<uint8_t> data;
  int at(int x, int y) const {
    return data[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
  }
  // Bilinear, pixel centres at (0.5, 0.5); the border goes on.
  double Sample(const Vector2d& p) const {
    const double x = std::clamp(p.x() - 0.5, 0.0, width - 1.001);
    const double y = std::clamp(p.y() - 0.5, 0.0, height - 1.001);
    const int i = static_cast<int>(x), j = static_cast<int>(y);
    const double u = x - i, v = y - j;
    return (1 - v) * ((1 - u) * at(i, j) + u * at(i + 1, j)) +
           v * ((1 - u) * at(i, j + 1) + u * at(i + 1, j + 1));
  }
};

Grey ToGrey(const Image8& picture) {
  Grey grey{picture.width, picture.height, {}};
  for (size_t i = 0; i < picture.data.size(); i += 3) {
    const int sum = 77 * picture.data[i] + 150 * picture.data[i + 1] + 29 * picture.data[i + 2];
    grey.data.push_back(static_cast<uint8_t>(sum >> 8));
  }
  return grey;
}

// 1 where a pixel is darker than the mean of the square about it.
std::vector<uint8_t> DarkPixels(const Grey& grey) {
  const int reach = std::max(7, std::max(grey.width, grey.height) / 60);
  const auto stride = static_cast<size_t>(grey.width) + 1;
  std::vector<uint64_t> sums(stride * (static_cast<size_t>(grey.height) + 1), 0);
  for (int y = 0; y < grey.height; ++y) {
    uint64_t row = 0;
    for (int x = 0; x < grey.width; ++x) {
      row += static_cast<uint64_t>(grey.at(x, y));
      const size_t at = (static_cast<size_t>(y) + 1) * stride + static_cast<size_t>(x) + 1;
      sums[at] = sums[at - stride] + row;
    }
  }
  std::vector<uint8_t> dark(grey.data.size());
  for (int y = 0; y < grey.height; ++y) {
    const auto y0 = static_cast<size_t>(std::max(0, y - reach));
    const auto y1 = static_cast<size_t>(std::min(grey.height, y + reach + 1));
    for (int x = 0; x < grey.width; ++x) {
      const auto x0 = static_cast<size_t>(std::max(0, x - reach));
      const auto x1 = static_cast<size_t>(std::min(grey.width, x + reach + 1));
      const uint64_t sum = sums[y1 * stride + x1] + sums[y0 * stride + x0] -
                           sums[y0 * stride + x1] - sums[y1 * stride + x0];
      const uint64_t count = (x1 - x0) * (y1 - y0);
      const size_t i = static_cast<size_t>(y) * static_cast<size_t>(grey.width) +
                       static_cast<size_t>(x);
      dark[i] = (static_cast<uint64_t>(grey.data[i]) + kDarker) * count < sum ? 1 : 0;
    }
  }
  return dark;
}

// Outer border of the dark part that a pixel, the first in reading order, belongs to: its corners
// all along, so that sides have points to spare.
std::vector<Vector2d> Border(const std::vector<int>& parts, int width, int height, int x, int y) {
  const int part = parts[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
  const auto is_in = [&](int i, int j) {
    return i >= 0 && j >= 0 && i < width && j < height &&
           parts[static_cast<size_t>(j) * static_cast<size_t>(width) + static_cast<size_t>(i)] == part;
  };
  constexpr std::array<int, 4> kDx = {1, 0, -1, 0}, kDy = {0, 1, 0, -1};
  constexpr std::array<std::array<int, 2>, 4> kRight = {{{0, 0}, {-1, 0}, {-1, -1}, {0, -1}}};
  constexpr std::array<std::array<int, 2>, 4> kLeft = {{{0, -1}, {0, 0}, {-1, 0}, {-1, -1}}};
  std::vector<Vector2d> border;
  const int start_x = x, start_y = y;
  int direction = 0;
  do {
    const auto d = static_cast<size_t>(direction);
    if (!is_in(x + kRight[d][0], y + kRight[d][1])) {
      direction = (direction + 1) % 4;
    } else if (is_in(x + kLeft[d][0], y + kLeft[d][1])) {
      direction = (direction + 3) % 4;
    }
    border.push_back({x, y});
    x += kDx[static_cast<size_t>(direction)];
    y += kDy[static_cast<size_t>(direction)];
  } while (x != start_x || y != start_y);
  return border;
}

double Cross(const Vector2d& a, const Vector2d& b) { return a.x() * b.y() - a.y() * b.x(); }

// The border's four corners where it is a convex quadrilateral: the two points furthest apart, and
// on either side of their line the one furthest from it.
std::optional<Quad> FourCorners(const std::vector<Vector2d>& border) {
  const auto furthest = [&](auto&& distance) {
    size_t best = 0;
    for (size_t i = 1; i < border.size(); ++i) {
      if (distance(border[i]) > distance(border[best])) best = i;
    }
    return best;
  };
  const size_t any = 0;
  const size_t a = furthest([&](const Vector2d& p) { return (p - border[any]).squaredNorm(); });
  const size_t c = furthest([&](const Vector2d& p) { return (p - border[a]).squaredNorm(); });
  const Vector2d along = border[c] - border[a];
  const size_t b = furthest([&](const Vector2d& p) { return -Cross(along, p - border[a]); });
  const size_t d = furthest([&](const Vector2d& p) { return Cross(along, p - border[a]); });
  const Quad quad = {border[a], border[b], border[c], border[d]};
  for (size_t k = 0; k < 4; ++k) {
    const Vector2d side = quad[(k + 1) % 4] - quad[k];
    if (side.norm() < kLeastSide_px || Cross(side, quad[(k + 2) % 4] - quad[(k + 1) % 4]) <= 0) {
      return std::nullopt;
    }
  }
  // All of the border lies near one of the sides.
  size_t off = 0;
  for (const Vector2d& p : border) {
    double least = 1e9;
    for (size_t k = 0; k < 4; ++k) {
      const Vector2d side = (quad[(k + 1) % 4] - quad[k]).normalized();
      least = std::min(least, std::abs(Cross(side, p - quad[k])));
    }
    if (least > std::max(2.0, 0.03 * along.norm())) ++off;
  }
  return 20 * off <= border.size() ? std::optional(quad) : std::nullopt;
}

// The sides moved to where brightness is half way between black and white, and intersected.
std::optional<Quad> Refined(const Grey& grey, const Quad& quad) {
  std::array<Vector2d, 4> normals;
  std::array<double, 4> offsets;
  for (size_t k = 0; k < 4; ++k) {
    const Vector2d a = quad[k], b = quad[(k + 1) % 4];
    const Vector2d along = (b - a).normalized(), outward(along.y(), -along.x());
    std::vector<Vector2d> edge;
    for (int i = 0; i < 40; ++i) {
      const Vector2d p = a + (0.1 + 0.8 * (i + 0.5) / 40) * (b - a);
      const double inside = grey.Sample(p - kProfile_px * outward);
      const double outside = grey.Sample(p + kProfile_px * outward);
      if (outside - inside < kLeastContrast) continue;
      const double half = 0.5 * (inside + outside);
      double before = inside;
      for (double t = -kProfile_px + 0.25; t <= kProfile_px; t += 0.25) {
        const double here = grey.Sample(p + t * outward);
        if (here >= half) {
          edge.push_back(p + (t - 0.25 + 0.25 * (half - before) / std::max(1e-9, here - before)) * outward);
          break;
        }
        before = here;
      }
    }
    if (edge.size() < 10) return std::nullopt;
    Vector2d mean = Vector2d::Zero();
    for (const Vector2d& p : edge) mean += p / static_cast<double>(edge.size());
    double uu = 0, uv = 0;
    for (const Vector2d& p : edge) {
      const double u = along.dot(p - mean);
      uu += u * u;
      uv += u * outward.dot(p - mean);
    }
    normals[k] = (outward - (uv / uu) * along).normalized();
    offsets[k] = normals[k].dot(mean);
  }
  Quad refined;
  for (size_t k = 0; k < 4; ++k) {
    const size_t before = (k + 3) % 4;
    const double determinant = Cross(normals[before], normals[k]);
    if (std::abs(determinant) < 0.2) return std::nullopt;
    refined[k] = {(offsets[before] * normals[k].y() - offsets[k] * normals[before].y()) / determinant,
                  (normals[before].x() * offsets[k] - normals[k].x() * offsets[before]) / determinant};
    if ((refined[k] - quad[k]).norm() > 0.2 * (quad[(k + 1) % 4] - quad[k]).norm()) return std::nullopt;
  }
  return refined;
}

// From the unit square, corners in the order of the quad's, to pixels.
Eigen::Matrix3d Homography(const Quad& quad) {
  constexpr std::array<std::array<double, 2>, 4> kUnit = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
  Eigen::Matrix<double, 8, 8> a;
  Eigen::Matrix<double, 8, 1> b;
  for (int k = 0; k < 4; ++k) {
    const auto [u, v] = kUnit[static_cast<size_t>(k)];
    const Vector2d& p = quad[static_cast<size_t>(k)];
    a.row(2 * k) << u, v, 1, 0, 0, 0, -u * p.x(), -v * p.x();
    a.row(2 * k + 1) << 0, 0, 0, u, v, 1, -u * p.y(), -v * p.y();
    b[2 * k] = p.x(), b[2 * k + 1] = p.y();
  }
  const Eigen::Matrix<double, 8, 1> h = a.fullPivLu().solve(b);
  Eigen::Matrix3d m;
  m << h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], 1;
  return m;
}

using Bits = std::array<std::array<bool, kInner>, kInner>;

// The inner cells, true for white; nothing when the border is not black all round.
std::optional<Bits> ReadCells(const Grey& grey, const Quad& quad) {
  const Eigen::Matrix3d h = Homography(quad);
  std::array<std::array<double, kCells>, kCells> cells;
  double low = 255, high = 0;
  for (int row = 0; row < kCells; ++row) {
    for (int column = 0; column < kCells; ++column) {
      double sum = 0;
      for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
          const Eigen::Vector3d p = h * Eigen::Vector3d((column + 0.5 + 0.2 * i) / kCells,
                                                        (row + 0.5 + 0.2 * j) / kCells, 1);
          sum += grey.Sample(p.hnormalized()) / 9;
        }
      }
      cells[static_cast<size_t>(row)][static_cast<size_t>(column)] = sum;
      low = std::min(low, sum), high = std::max(high, sum);
    }
  }
  if (high - low < kLeastContrast) return std::nullopt;
  const double half = 0.5 * (low + high);
  Bits bits{};
  for (size_t row = 0; row < kCells; ++row) {
    for (size_t column = 0; column < kCells; ++column) {
      const bool white = cells[row][column] > half;
      const bool on_border = row == 0 || column == 0 || row == kCells - 1 || column == kCells - 1;
      if (on_border && white) return std::nullopt;
      if (!on_border) bits[row - 1][column - 1] = white;
    }
  }
  return bits;
}

std::optional<int> IdOf(const Bits& bits) {
  int id = 0;
  for (const auto& row : bits) {
    int word = 0;
    for (const bool white : row) word = 2 * word + (white ? 1 : 0);
    const auto found = std::ranges::find(kWords, word);
    if (found == kWords.end()) return std::nullopt;
    id = 4 * id + static_cast<int>(found - kWords.begin());
  }
  return id;
}

// As they are seen when the marker is turned by a quarter, counterclockwise.
Bits Turned(const Bits& bits) {
  Bits turned{};
  for (size_t row = 0; row < kInner; ++row) {
    for (size_t column = 0; column < kInner; ++column) {
      turned[row][column] = bits[column][kInner - 1 - row];
    }
  }
  return turned;
}

Bits BitsOf(int id) {
  Bits bits{};
  for (int row = 0; row < kInner; ++row) {
    for (int column = 0; column < kInner; ++column) {
      bits[static_cast<size_t>(row)][static_cast<size_t>(column)] = IsWhite(id, row + 1, column + 1);
    }
  }
  return bits;
}

std::optional<Marker> Read(const Grey& grey, const Quad& rough) {
  const auto quad = Refined(grey, rough);
  auto bits = quad ? ReadCells(grey, *quad) : std::nullopt;
  if (!bits) return std::nullopt;
  for (size_t turn = 0; turn < 4; ++turn) {
    if (const auto id = IdOf(*bits)) {
      Marker marker;
      marker.id = *id;
      for (size_t k = 0; k < 4; ++k) marker.corners_px[k] = (*quad)[(k + turn) % 4];
      return marker;
    }
    *bits = Turned(*bits);
  }
  return std::nullopt;
}

std::string Millimetres(double x) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.2f", x);
  return text;
}

}  // namespace

std::vector<Marker> FindMarkers(const Image8& picture) {
  if (picture.width < 8 || picture.height < 8 || picture.channels != 3) return {};
  const Grey grey = ToGrey(picture);
  const std::vector<uint8_t> dark = DarkPixels(grey);
  std::vector<int> parts(dark.size(), 0), stack;
  std::vector<Marker> markers;
  int count = 0;
  for (size_t first = 0; first < dark.size(); ++first) {
    if (!dark[first] || parts[first]) continue;
    ++count;
    int x0 = grey.width, x1 = 0, y0 = grey.height, y1 = 0;
    stack.push_back(static_cast<int>(first));
    parts[first] = count;
    while (!stack.empty()) {
      const int i = stack.back();
      stack.pop_back();
      const int x = i % grey.width, y = i / grey.width;
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
      const auto add = [&](bool there, int j) {
        if (!there || !dark[static_cast<size_t>(j)] || parts[static_cast<size_t>(j)]) return;
        parts[static_cast<size_t>(j)] = count;
        stack.push_back(j);
      };
      add(x > 0, i - 1), add(x + 1 < grey.width, i + 1);
      add(y > 0, i - grey.width), add(y + 1 < grey.height, i + grey.width);
    }
    if (x1 - x0 < kLeastSide_px || y1 - y0 < kLeastSide_px) continue;
    const auto border = Border(parts, grey.width, grey.height, static_cast<int>(first) % grey.width,
                               static_cast<int>(first) / grey.width);
    if (const auto quad = FourCorners(border)) {
      if (const auto marker = Read(grey, *quad)) markers.push_back(*marker);
    }
  }
  std::ranges::stable_sort(markers, {}, &Marker::id);
  return markers;
}

bool IsWhite(int id, int row, int column) {
  if (row < 1 || column < 1 || row > kInner || column > kInner) return false;
  const int word = kWords[static_cast<size_t>((id >> (2 * (kInner - row))) & 3)];
  return (word >> (kInner - column)) & 1;
}

std::vector<int> UnmistakableIds(size_t count) {
  std::vector<int> ids;
  for (int id = kFirstId; id < 1024 && ids.size() < count; ++id) {
    Bits bits = BitsOf(id);
    int readings = 0;
    for (int turn = 0; turn < 4; ++turn) {
      readings += IdOf(bits) ? 1 : 0;
      bits = Turned(bits);
    }
    if (readings == 1) ids.push_back(id);
  }
  return ids;
}

std::string MarkerPageSvg(double side_m) {
  constexpr double kWidth = 210, kHeight = 297, kTop = 52, kRoom = 220;
  const double side = 1000 * side_m, cell = side / kCells, quiet = side + 2 * cell;
  const int columns = 2 * quiet <= kWidth - 15 ? 2 : 1;
  const int rows = std::max(1, std::min(2, static_cast<int>(kRoom / quiet)));
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" "
                    "viewBox=\"0 0 210 297\" role=\"img\" font-family=\"sans-serif\" "
                    "font-size=\"4.5\" fill=\"#000\">\n<title>Markers for a room's size</title>\n"
                    "<rect width=\"210\" height=\"297\" fill=\"#fff\"/>\n";
  const std::string words = Millimetres(side);
  svg += "<text x=\"15\" y=\"14\">Print this page without scaling. The line below is 100 mm long, and "
         "each black</text>\n<text x=\"15\" y=\"20\">square " + words +
         " mm wide: measure one, and say what you measured. Lay the</text>\n"
         "<text x=\"15\" y=\"26\">markers flat where three photographs or more show them, and leave "
         "white about them.</text>\n"
         "<path d=\"M15 33h100M15 31v4M115 31v4\" stroke=\"#000\" stroke-width=\"0.4\"/>\n"
         "<text x=\"15\" y=\"42\">ajar build PHOTOGRAPHS -o my-room --markers " + words + "mm</text>\n";
  const std::vector<int> ids = UnmistakableIds(static_cast<size_t>(rows * columns));
  for (size_t k = 0; k < ids.size(); ++k) {
    const int row = static_cast<int>(k) / columns, column = static_cast<int>(k) % columns;
    const double x = kWidth * (column + 0.5) / columns - side / 2;
    const double y = kTop + (kHeight - kTop) * (row + 0.5) / rows - side / 2;
    svg += "<g transform=\"translate(" + Millimetres(x) + " " + Millimetres(y) +
           ")\"><title>Marker " + std::to_string(ids[k]) + "</title>\n<rect width=\"" + words +
           "\" height=\"" + words + "\"/>\n";
    for (int j = 0; j < kCells; ++j) {
      for (int i = 0; i < kCells; ++i) {
        if (!IsWhite(ids[k], j, i)) continue;
        // A hair wider, so that no seam shows between cells.
        svg += "<rect x=\"" + Millimetres(i * cell) + "\" y=\"" + Millimetres(j * cell) +
               "\" width=\"" + Millimetres(cell + 0.02) + "\" height=\"" + Millimetres(cell + 0.02) +
               "\" fill=\"#fff\"/>\n";
      }
    }
    svg += "</g>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace ajar::photo
