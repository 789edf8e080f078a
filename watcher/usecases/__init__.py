"""What the watcher does: one public function per file, over the ports of ``ports.py``."""
