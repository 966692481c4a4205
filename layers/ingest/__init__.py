"""Files in: read apart, columns recognised, compared with the register, and taken in whole or not at all."""
