"""The first hour: from an empty database to printed codes; tables uploaded with a preview, taken back as a whole."""
