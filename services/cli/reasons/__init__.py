"""What is wrong, said in Chinese where contracts and services know it in English only."""
