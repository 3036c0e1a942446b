"""The drawing of Scripts/draw-modules: a row of boxes for each floor, lines for imports."""
import html

LEFT, RIGHT, BOX, GAP = 128, 24, 196, 74
NAME, CHIP, LANE = 30, 20, 9
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .page { fill: #ffffff } .floor { fill: #f3f5f8 } .label { font-size: 11px; fill: #59636e }
  .name { font-weight: 600; font-size: 14px } .box { fill: #ffffff; stroke: #8c959f }
  .ground { fill: #d8ebdd } .library { fill: #e6e8eb } .chip { font-size: 10.5px }
  .line { fill: none; stroke: #3b6ea8; stroke-width: 1.6 }
  .implied { fill: none; stroke: #9fb4cc; stroke-width: 1; stroke-dasharray: 4 3 }
  .wrong { fill: none; stroke: #c62828; stroke-width: 2 }
  .head { fill: #3b6ea8 } .impliedhead { fill: #9fb4cc } .wronghead { fill: #c62828 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .page { fill: #0d1117 } .floor { fill: #161b22 } .label { fill: #9198a1 }
    .box { fill: #21262d; stroke: #656c76 } .ground { fill: #1f4a2e } .library { fill: #3a4048 }
    .line { stroke: #6cb0f5 } .implied { stroke: #4a637e } .wrong { stroke: #ff6b6b }
    .head { fill: #6cb0f5 } .impliedhead { fill: #4a637e } .wronghead { fill: #ff6b6b }
  }
"""


def svg(package):
    return Drawing(package).text()


class Drawing:
    def __init__(self, package):
        self.package = package
        self.wrong = set(package.wrong())
        upper = [row for _, row in package.floors[:-1]]
        self.width = LEFT + RIGHT + max(map(len, upper)) * (BOX + GAP) - GAP + 56
        self.boxes, self.rows, self.parts = {}, [], []
        y = 16
        for index, (label, row) in enumerate(package.floors):
            is_ground = index == len(package.floors) - 1
            height = NAME + 6 if is_ground else max(map(self.height, row), default=NAME)
            self.rows.append((y, y + height, label))
            self.place(row, y, 150 if is_ground else BOX)
            y += height + (48 if is_ground else 66)
        self.total = y

    def place(self, row, y, width):
        """Spreads a row's boxes over the width."""
        share = (self.width - LEFT - RIGHT) / max(len(row), 1)
        for index, name in enumerate(row):
            self.boxes[name] = (LEFT + share * (index + 0.5) - width / 2, y, width)

    def chips(self, name):
        """Ground floor modules and libraries that a module imports, in lines that fit its box."""
        floor = self.package.floor
        low = [one for one in self.package.imports[name] if floor.get(one, 0) <= 1]
        lines, x = [[]], 0
        for one in sorted(low, key=lambda one: (-floor.get(one, 0), one)):
            width = 6.6 * len(one) + 13
            if x + width > BOX - 16:
                lines, x = lines + [[]], 0
            lines[-1].append((one, x, width))
            x += width + 5
        return [line for line in lines if line]

    def height(self, name):
        return NAME + CHIP * len(self.chips(name)) + (4 if self.chips(name) else 0)

    def add(self, text):
        self.parts.append(text)

    def text(self):
        for top, bottom, label in self.rows:
            self.add(f'<rect class="floor" x="8" y="{top - 10}" width="{self.width - 16}" '
                     f'height="{bottom - top + 20}" rx="8"/>')
            self.write("label", 20, top + 18, label)
        self.lines()
        for name in self.boxes:
            self.box(name)
        self.legend()
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.total}" '
                f'width="{self.width}" height="{self.total}" role="img">\n'
                "<title>Modules and their imports</title>\n"
                f"<!-- Made by Scripts/draw-modules. -->\n<style>{STYLE}</style>\n<defs>\n")
        markers = "".join(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="{name}" d="M0 0 8 4 0 8z"/></marker>\n'
            for name in ["head", "impliedhead", "wronghead"])
        page = f'</defs>\n<rect class="page" width="{self.width}" height="{self.total}"/>\n'
        return head + markers + page + "\n".join(self.parts) + "\n</svg>\n"

    def write(self, kind, x, y, text, anchor="start"):
        self.add(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
                 f"{html.escape(text)}</text>")

    def box(self, name):
        x, y, width = self.boxes[name]
        is_ground = self.package.floor[name] == 1
        height = NAME + 6 if is_ground else self.height(name)
        kind = "box ground" if is_ground else "box"
        self.add(f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width}" height="{height}" rx="6"/>')
        self.write("name", x + width / 2, y + (23 if is_ground else 20), name, "middle")
        for index, line in enumerate([] if is_ground else self.chips(name)):
            end = line[-1][1] + line[-1][2]
            for one, offset, size in line:
                self.chip(one, x + (BOX - end) / 2 + offset, y + NAME + CHIP * index - 2, size)

    def chip(self, name, x, y, size):
        kind = "ground" if self.package.floor.get(name) else "library"
        self.add(f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{size:.1f}" height="16" rx="8"/>')
        self.write("chip", x + size / 2, y + 12, name, "middle")

    def legend(self):
        y, x = self.total - 16, 20
        for kind, text in [("line", "imports"), ("implied", "imports, but reaches through another module too")]:
            self.add(f'<path class="{kind}" d="M{x:.1f} {y - 4}h34"/>')
            self.write("label", x + 42, y, text)
            x += 62 + 5.9 * len(text)
        for kind, text in [("ground", "import of the ground floor"), ("library", "C library or shim")]:
            self.add(f'<rect class="{kind}" x="{x:.1f}" y="{y - 12}" width="26" height="16" rx="8"/>')
            self.write("label", x + 34, y, text)
            x += 54 + 5.9 * len(text)

    def lines(self):
        """All imports between boxes, those that are implied first."""
        edges = []
        for name in self.package.imports:
            implied = self.package.implied(name)
            for other in sorted(self.package.upper(name)):
                kind = "wrong" if (name, other) in self.wrong else "implied" if other in implied else "line"
                edges.append((name, other, kind))
        paths = self.routes([edge[:2] for edge in edges])
        heads = {"line": "head", "implied": "impliedhead", "wrong": "wronghead"}
        for name, other, kind in sorted(edges, key=lambda edge: ["implied", "line", "wrong"].index(edge[2])):
            self.add(f'<path class="{kind}" marker-end="url(#{heads[kind]})" d="{paths[name, other]}"/>')

    def routes(self, edges):
        """The path of each edge: through gaps of the floors between, each edge in a lane of its own."""
        points = {edge: [] for edge in edges}
        for edge in edges:
            source, target = (self.row(name) for name in edge)
            start, end = (self.center(name) for name in edge)
            for row in range(source + 1, target):
                straight = start + (end - start) * (row - source) / (target - source)
                points[edge].append((row, min(self.gaps(row), key=lambda gap: abs(gap - straight))))
        lanes = {}
        for edge in edges:
            for place in points[edge]:
                lanes.setdefault(place, []).append(edge)
        for users in lanes.values():
            users.sort(key=lambda edge: (self.center(edge[0]) + self.center(edge[1]), edge))
        out, into = self.ports(edges, 0), self.ports(edges, 1)
        return {edge: self.path(edge, points[edge], lanes, out[edge], into[edge]) for edge in edges}

    def path(self, edge, points, lanes, start, end):
        x, y = start, self.boxes[edge[0]][1] + self.height(edge[0])
        text = f"M{x:.1f} {y}"
        for row, gap in points:
            users = lanes[row, gap]
            lane = gap + LANE * (users.index(edge) - (len(users) - 1) / 2)
            top, bottom, _ = self.rows[row]
            middle = (y + top) / 2
            text += f"C{x:.1f} {middle:.1f} {lane:.1f} {middle:.1f} {lane:.1f} {top}V{bottom}"
            x, y = lane, bottom
        top = self.boxes[edge[1]][1]
        middle = (y + top) / 2
        return text + f"C{x:.1f} {middle:.1f} {end:.1f} {middle:.1f} {end:.1f} {top - 1}"

    def ports(self, edges, side):
        """Where edges leave (side 0) or reach (side 1) their boxes, in the order of their other ends."""
        result = {}
        for name in {edge[side] for edge in edges}:
            mine = [edge for edge in edges if edge[side] == name]
            mine.sort(key=lambda edge: (self.center(edge[1 - side]), edge))
            for index, edge in enumerate(mine):
                step = min(22, (BOX - 30) / len(mine))
                result[edge] = self.center(name) + step * (index - (len(mine) - 1) / 2)
        return result

    def row(self, name):
        return next(index for index, (_, row) in enumerate(self.package.floors) if name in row)

    def center(self, name):
        x, _, width = self.boxes[name]
        return x + width / 2

    def gaps(self, row):
        """The middles of the spaces between the boxes of a floor and at its ends."""
        spans = sorted((x, x + width) for name, (x, _, width) in self.boxes.items() if self.row(name) == row)
        edges = [LEFT - 16] + [end for span in spans for end in span] + [self.width - 10]
        return [(edges[index] + edges[index + 1]) / 2 for index in range(0, len(edges), 2)]
