"""The pose stage against MediaPipe's own graph: the same landmarks, at which rate?"""
