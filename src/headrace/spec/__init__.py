"""Definitions: FlowApps and workflows of the Open Workflow Specification DSL 1.0.

Text becomes data with places (`parse`), data is checked against tables of shapes and further rules
(`validate`), valid data becomes the typed model (`model`). `flowapp.parse_definition` does all of it.

Pure: nothing here reads files, asks for the time, or waits.
"""
