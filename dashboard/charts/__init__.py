"""The chart room: one description of a chart, two thin renderers, and numbers in words.

It decides nothing about figures, and knows neither Streamlit nor a document. Import from its modules: `words`,
`compose`, `timeline`, `alternative`, `screen` (Plotly), `paper` (SVG), `sparkline`; renderers bring heavy libraries.
"""
