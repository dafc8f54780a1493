"""A notebook of marimo, as the tests open it."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from cam_lucida import CamLucida

    figure = mo.ui.anywidget(CamLucida("picture.png", method="layer-cam"))
    figure
    return figure, mo


@app.cell
def _(figure, mo):
    shape = None if figure.widget.map is None else figure.widget.map.shape
    result = figure.value.get("result")
    mo.md(f"TOLD {result['top'][0]['name'] if result else None} {shape}")
    return


if __name__ == "__main__":
    app.run()
