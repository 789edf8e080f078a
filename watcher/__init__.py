"""Watches what companies say about facial recognition, and tells people when a stance changes."""
