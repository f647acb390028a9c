SELECT * FROM cooperative
