package io.syncline.planted.rooms.high;

public class High {}
