project = "Guide"
extensions = ["cam_lucida.sphinx"]
html_theme = "alabaster"
