"""The public face of questions and answers; the smallest complete face of the product."""
